"use client";
/** Light or dark; the choice is kept in this browser. The first paint is chosen by `public/theme.js`. */
import { Moon, Sun } from "lucide-react";

export function ThemeButton() {
  return (
    <button
      type="button"
      aria-label="Change between light and dark"
      className="rounded-md p-2 text-ink-soft hover:bg-raised hover:text-ink"
      onClick={() => {
        const { dataset } = document.documentElement;
        const theme = dataset.theme === "dark" ? "light" : "dark";
        dataset.theme = theme;
        localStorage.setItem("theme", theme);
      }}
    >
      <Sun aria-hidden size={16} className="hidden in-data-[theme=dark]:block" />
      <Moon aria-hidden size={16} className="in-data-[theme=dark]:hidden" />
    </button>
  );
}
