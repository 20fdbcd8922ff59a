// A small choice of emoji with the words people look for, not the thousands there are:
// any other can be written with the device's own keyboard.

import type { Emoji } from "./quickReactions.ts";

export interface EmojiGroup {
  title: string;
  emoji: readonly Emoji[];
}

const lists: readonly [title: string, list: string][] = [
  [
    "Faces",
    "😀 grin happy,😃 big smile happy,😄 laughing happy,😁 beaming,😆 laugh,😅 nervous laugh sweat,😂 tears of joy laugh,🤣 rolling laugh,😊 smile blush,🙂 slight smile,🙃 upside down,😉 wink,😌 relieved calm,😍 heart eyes love,🥰 loved hearts,😘 kiss,😋 tasty yum,😛 tongue,😜 silly wink,🤪 zany,🤨 raised eyebrow,🧐 monocle,🤓 nerd,😎 cool sunglasses,🥳 party,🤩 star eyes,🥹 holding back tears,😏 smirk,😒 unamused,😞 disappointed sad,😔 pensive,😟 worried,😕 confused,🙁 slight frown,😣 persevering,😖 confounded,😫 tired,😩 weary,🥺 pleading,😢 sad cry,😭 crying loudly,😤 huffing,😠 angry,😡 very angry,🤯 mind blown,😳 flushed,🥵 hot,🥶 cold,😱 scream,😨 fearful,😰 anxious sweat,😥 sad relieved,😓 downcast sweat,🤗 hug,🤔 thinking,🫣 peeking,🤭 giggle,🤫 quiet hush,🤥 lying,😶 no words,😐 neutral,😑 expressionless,😬 grimace,🙄 eye roll,😯 hushed,😮 surprised wow,😲 astonished,🥱 yawn,😴 asleep,🤤 drooling,😵 dizzy,🤢 nauseated sick,🤮 vomiting sick,🤧 sneeze cold,😷 mask sick,🤒 fever thermometer sick,🤕 bandage hurt",
  ],
  [
    "People and hands",
    "👍 thumbs up yes good,👎 thumbs down no,👌 okay,✌️ peace victory,🤞 fingers crossed luck,🤟 love you,🤙 call me,👋 wave hello bye,🤚 raised hand,✋ stop hand,🖐️ open hand,👏 clap applause,🙌 raised hands hooray,🫶 heart hands,👐 open hands,🤲 palms,🤝 handshake deal,🙏 thank you please pray,💪 strong muscle,👈 left,👉 right,👆 up,👇 down,☝️ one,✍️ writing,👀 eyes look,🧠 brain mind,🫀 heart organ,🫁 lungs,🦷 tooth,🦴 bone,👂 ear,👶 baby,🧒 child,🧑 person,👩 woman,👨 man,👵 grandmother,👴 grandfather,🤰 pregnant,🤱 nursing,🧑‍⚕️ health worker,👩‍⚕️ doctor,👨‍⚕️ doctor,🧑‍🍳 cook,🧘 meditate yoga,🏃 run,🚶 walk,🚴 cycle,🏊 swim,🏋️ lift weights,🤸 stretch cartwheel,👪 family",
  ],
  [
    "Hearts and signs",
    "❤️ heart love,🧡 orange heart,💛 yellow heart,💚 green heart,💙 blue heart,💜 purple heart,🖤 black heart,🤍 white heart,🤎 brown heart,💔 broken heart,❤️‍🩹 mending heart,💕 two hearts,💖 sparkling heart,💯 hundred,✨ sparkles,⭐ star,🌟 glowing star,🔥 fire,🎉 celebrate party,🎊 confetti,🎈 balloon,🎂 birthday cake,🎁 gift,🏆 trophy,🥇 gold medal first,✅ done check,☑️ checked,✔️ check,❌ no cross,❗ important,❓ question,⚠️ warning,🚫 not allowed,💡 idea,🔔 bell,📌 pin,📅 calendar date,⏰ alarm clock,⏳ waiting hourglass,📎 paperclip,📝 note,📞 phone call,📱 mobile,💻 laptop,📷 camera,✉️ letter mail,🔗 link,🔒 lock,💤 sleep,💬 speech",
  ],
  [
    "Food",
    "🍎 apple,🍐 pear,🍊 orange,🍋 lemon,🍌 banana,🍉 watermelon,🍇 grapes,🍓 strawberry,🫐 blueberries,🍒 cherries,🍑 peach,🥭 mango,🍍 pineapple,🥥 coconut,🥝 kiwi,🍅 tomato,🥑 avocado,🥦 broccoli,🥬 greens,🥒 cucumber,🌽 corn,🥕 carrot,🧄 garlic,🧅 onion,🥔 potato,🍞 bread,🥚 egg,🍳 fried egg breakfast,🧀 cheese,🥣 bowl oats cereal,🥗 salad,🍲 stew soup,🍚 rice,🍝 pasta,🍕 pizza,🥪 sandwich,🌮 taco,🍣 sushi,🐟 fish,🍗 chicken,🥛 milk,☕ coffee,🍵 tea,💧 water drop,🧃 juice,🍫 chocolate,🍪 cookie,🥜 nuts",
  ],
  [
    "Health and nature",
    "💊 pill medicine,💉 injection vaccine,🩹 plaster bandage,🩺 stethoscope,🌡️ thermometer,🩸 blood drop,⚕️ medical,🏥 hospital,🚑 ambulance,🛌 bed rest,🛁 bath,🧴 lotion,🧼 soap,⚖️ scale weight,👟 shoe run,🚲 bicycle,🐶 dog,🐱 cat,🐰 rabbit,🐦 bird,🦋 butterfly,🐝 bee,🌸 blossom,🌹 rose,🌻 sunflower,🌷 tulip,🌱 seedling sprout,🌳 tree,🍀 clover luck,🍂 autumn leaves,☀️ sun,🌤️ sunny clouds,☁️ cloud,🌧️ rain,❄️ snow,🌈 rainbow,🌙 moon,🌊 wave sea,⛰️ mountain,🏡 home garden,🚗 car,🚌 bus,✈️ plane,🎵 music,📚 books,🧩 puzzle,🎨 paint art",
  ],
];

export const emojiGroups: readonly EmojiGroup[] = lists.map(([title, list]) => ({
  title,
  emoji: list.split(",").map((entry) => {
    const space = entry.indexOf(" ");
    return { sign: entry.slice(0, space), name: entry.slice(space + 1) };
  }),
}));

/** Those whose words begin with every word that was typed. */
export function findEmoji(typed: string): Emoji[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const seen = new Set<string>();
  return emojiGroups
    .flatMap((g) => g.emoji)
    .filter(({ name }) => wanted.every((w) => name.split(" ").some((word) => word.startsWith(w))))
    .filter(({ sign }) => !seen.has(sign) && seen.add(sign));
}
