"use client";
/** The list of places, with the one that is open marked. */
import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "../components/cn.ts";
import { isHere, places } from "./navigation.ts";

export function NavigationList({ onGo }: { readonly onGo?: () => void }) {
  const pathname = usePathname();
  return (
    <ul className="space-y-0.5">
      {places.map((place) => {
        const here = isHere(place, pathname);
        return (
          <li key={place.href}>
            <Link
              href={place.href}
              prefetch={false}
              aria-current={here ? "page" : undefined}
              onClick={() => onGo?.()}
              className={cn(
                "flex items-center gap-2.5 rounded-md px-2.5 py-1.5",
                here
                  ? "bg-accent-soft font-medium text-accent"
                  : "text-ink-soft hover:bg-raised hover:text-ink",
              )}
            >
              <place.icon aria-hidden size={16} strokeWidth={1.75} />
              {place.name}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
