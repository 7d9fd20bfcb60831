// One soft tone for a new message, made here: nothing to fetch. Only where the reader has asked for sound.

let audio: AudioContext | undefined;

export function chime(): void {
  audio ??= new AudioContext();
  const { currentTime: now } = audio;
  const tone = new OscillatorNode(audio, { frequency: 660 });
  const loudness = new GainNode(audio, { gain: 0.08 });
  loudness.gain.exponentialRampToValueAtTime(0.0001, now + 0.4);
  tone.connect(loudness).connect(audio.destination);
  tone.start(now);
  tone.stop(now + 0.4);
}
