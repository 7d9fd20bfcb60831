// Saved replies: written in the customer's language, filled with what is known, always edited and sent by a person.

import type { Contact } from "../../core/shapes.ts";

export interface Macro {
  key: string;
  /** How it is found, in the agent's languages. */
  names: Record<"ja" | "en", string>;
  texts: Record<"ja" | "en", string>;
}

export const MACROS: readonly Macro[] = [
  {
    key: "greeting",
    names: { ja: "はじめのあいさつ", en: "Greeting" },
    texts: {
      ja: "{customer}、お問い合わせありがとうございます。担当の{agent}です。内容を確認いたしますので、少々お待ちください。",
      en: "Hello {customer}, thank you for contacting us. My name is {agent}. Let me look into this; it will only take a moment.",
    },
  },
  {
    key: "checking",
    names: { ja: "確認のお時間", en: "Checking" },
    texts: {
      ja: "ただいま{order}の状況を確認しています。5分ほどお時間をください。",
      en: "I am checking {order} now. Please give me about five minutes.",
    },
  },
  {
    key: "photo",
    names: { ja: "写真のお願い", en: "Ask for a photo" },
    texts: {
      ja: "状態を確認したいので、商品と外箱の写真を1枚ずつ、この画面からお送りいただけますか。",
      en: "Could you send one photo of the item and one of the box here, so that I can see its condition?",
    },
  },
  {
    key: "delay",
    names: { ja: "配送の遅れ", en: "Late parcel" },
    texts: {
      ja: "{order}のお届けが遅れており、申し訳ございません。配送会社に確認し、わかり次第ここでお知らせします。",
      en: "I am sorry that {order} is late. I am asking the carrier and will tell you here as soon as I know more.",
    },
  },
  {
    key: "return",
    names: { ja: "返品の手順", en: "How to return" },
    texts: {
      ja: "返品を受け付けました。商品を元の箱に入れ、お送りする返送ラベルを貼って、お近くの窓口からお出しください。届きしだい返金の手続きをします。",
      en: "Your return is registered. Please pack the item in its box, attach the label we send you and hand it in at a drop-off point. We refund as soon as it arrives.",
    },
  },
  {
    key: "refund",
    names: { ja: "返金の時期", en: "When the refund arrives" },
    texts: {
      ja: "返金の手続きをしました。お支払い方法により、反映まで数日かかることがあります。目安の日付は、注文の画面でもご確認いただけます。",
      en: "I have started the refund. Depending on how you paid, it can take some days to appear. The expected date is also shown with your order.",
    },
  },
  {
    key: "more",
    names: { ja: "ほかに用件があるか", en: "Anything else" },
    texts: { ja: "ほかにお困りのことはございますか。", en: "Is there anything else I can help you with?" },
  },
  {
    key: "closing",
    names: { ja: "結びのあいさつ", en: "Closing" },
    texts: {
      ja: "お問い合わせありがとうございました。続きがありましたら、この画面にそのままお書きください。",
      en: "Thank you for contacting us. If anything else comes up, simply write here again.",
    },
  },
];

export function fillMacro(macro: Macro, contact: Contact, agent: string): string {
  const ja = contact.language.startsWith("ja");
  const name = contact.customer?.name;
  const order = contact.order_number || contact.case?.order_number;
  const places: Record<string, string> = {
    customer: name ? (ja ? `${name} 様` : name) : ja ? "お客様" : "there",
    agent,
    order: ja ? (order ? `ご注文 ${order} ` : "ご注文") : order ? `order ${order}` : "your order",
  };
  return macro.texts[ja ? "ja" : "en"].replace(/\{(\w+)\}/g, (_place, key: string) => places[key] ?? "");
}

export function findMacros(text: string, language: string): Macro[] {
  const wanted = text.trim().toLowerCase();
  const name = (macro: Macro): string => macro.names[language === "ja" ? "ja" : "en"];
  return MACROS.filter((macro) => !wanted || `${name(macro)} ${macro.key} ${macro.texts.ja} ${macro.texts.en}`.toLowerCase().includes(wanted));
}
