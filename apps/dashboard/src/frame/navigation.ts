/** The places one can go to, in the order of the story they tell. */
import {
  Blocks,
  Cpu,
  FileDiff,
  KeyRound,
  Layers,
  type LucideIcon,
  MessageSquareText,
  Network,
  RefreshCw,
  ScrollText,
} from "lucide-react";

export type Place = {
  readonly href: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Pages that belong to it. */
  readonly also: readonly string[];
};

export const places: readonly Place[] = [
  { href: "/", name: "Network", icon: Network, also: [] },
  { href: "/rounds", name: "Rounds", icon: RefreshCw, also: ["/round", "/chunk"] },
  { href: "/adapters", name: "Adapters", icon: Layers, also: ["/adapter"] },
  { href: "/miners", name: "Participants", icon: Cpu, also: ["/miner"] },
  { href: "/disputes", name: "Disputes", icon: FileDiff, also: ["/dispute"] },
  { href: "/playground", name: "Playground", icon: MessageSquareText, also: [] },
  { href: "/account", name: "Account", icon: KeyRound, also: [] },
  { href: "/blocks", name: "Blocks", icon: Blocks, also: ["/block"] },
  { href: "/transactions", name: "Transactions", icon: ScrollText, also: ["/transaction"] },
];

export function isHere(place: Place, pathname: string): boolean {
  const path = pathname === "/" ? "/" : pathname.replace(/\/$/, "");
  return place.href === path || place.also.includes(path);
}
