// Short sounds, made here: nothing is fetched for them.

export type Sound = "chime" | "knock" | "drop";

interface Tone {
  /** Seconds from now. */
  at: number;
  lasts: number;
  from: number;
  to: number;
  shape: OscillatorType;
  loud: number;
}

const sounds: Record<Sound, readonly Tone[]> = {
  chime: [
    { at: 0, lasts: 0.5, from: 880, to: 880, shape: "sine", loud: 0.16 },
    { at: 0.12, lasts: 0.7, from: 1318.5, to: 1318.5, shape: "sine", loud: 0.12 },
  ],
  knock: [
    { at: 0, lasts: 0.09, from: 210, to: 120, shape: "triangle", loud: 0.5 },
    { at: 0.15, lasts: 0.09, from: 210, to: 120, shape: "triangle", loud: 0.4 },
  ],
  drop: [{ at: 0, lasts: 0.22, from: 1250, to: 480, shape: "sine", loud: 0.2 }],
};

let context: AudioContext | null = null;

/** Whether browsers let this page be heard: somebody has pressed something in it. */
export function mayPlay(): boolean {
  return navigator.userActivation?.hasBeenActive !== false && "AudioContext" in window;
}

/** Plays a sound; false where the browser does not let it. */
export async function play(sound: Sound): Promise<boolean> {
  if (!mayPlay()) return false;
  try {
    context ??= new AudioContext();
    if (context.state !== "running") await Promise.race([context.resume(), rest(300)]);
    if (context.state !== "running") return false;
    for (const tone of sounds[sound]) sing(context, tone);
    return true;
  } catch {
    return false;
  }
}

function sing(ctx: AudioContext, tone: Tone): void {
  const start = ctx.currentTime + tone.at;
  const end = start + tone.lasts;
  const voice = new OscillatorNode(ctx, { type: tone.shape, frequency: tone.from });
  const level = new GainNode(ctx, { gain: 0 });
  voice.frequency.exponentialRampToValueAtTime(tone.to, end);
  // A start and an end at nothing: a jump would click.
  level.gain.setValueAtTime(0.0001, start);
  level.gain.exponentialRampToValueAtTime(tone.loud, start + 0.012);
  level.gain.exponentialRampToValueAtTime(0.0001, end);
  voice.connect(level).connect(ctx.destination);
  voice.start(start);
  voice.stop(end + 0.02);
}

function rest(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
