"use client";
/** Opens the navigation on a narrow screen. */
import { Menu } from "lucide-react";
import { lazy, Suspense, useState } from "react";

const PhoneMenu = lazy(async () => ({ default: (await import("./PhoneMenu.tsx")).PhoneMenu }));

export function MenuButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        aria-label="Open navigation"
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
        className="-ml-2 rounded-md p-2 text-ink-soft hover:bg-raised hover:text-ink lg:hidden"
      >
        <Menu aria-hidden size={18} />
      </button>
      {open && (
        <Suspense>
          <PhoneMenu onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
