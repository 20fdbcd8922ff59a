export interface Emoji {
  sign: string;
  name: string;
}

/** The first ones offered as reactions. */
export const quickReactions: readonly Emoji[] = [
  { sign: "👍", name: "Thumbs up" },
  { sign: "❤️", name: "Heart" },
  { sign: "😊", name: "Smile" },
  { sign: "🎉", name: "Celebrate" },
  { sign: "🙏", name: "Thank you" },
  { sign: "😢", name: "Sad" },
];
