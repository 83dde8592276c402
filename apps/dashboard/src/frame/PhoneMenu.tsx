"use client";
/** The navigation on a narrow screen: a dialog that slides in from the left and gives the focus back. */
import { Dialog } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { NavigationList } from "./NavigationList.tsx";

export function PhoneMenu({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-50 w-64 border-r border-line bg-surface p-3">
          <div className="mb-3 flex items-center justify-between">
            <Dialog.Title className="px-2.5 font-semibold">R3MES</Dialog.Title>
            <Dialog.Close
              aria-label="Close navigation"
              className="rounded-md p-2 text-ink-soft hover:bg-raised hover:text-ink"
            >
              <X aria-hidden size={18} />
            </Dialog.Close>
          </div>
          <nav aria-label="Pages">
            <NavigationList onGo={onClose} />
          </nav>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
