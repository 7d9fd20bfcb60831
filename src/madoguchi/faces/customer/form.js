// On the form's page with the words: keeps them while they are typed, shows articles that fit, names what is missing.
const form = document.querySelector("form[data-form]");
const articles = document.getElementById("form-articles");
const calm = document.getElementById("form-calm");
let kept = "";

const typed = () => {
  const data = new FormData(form);
  data.delete("files");
  data.delete("camera");
  return data;
};
const text = (data) => JSON.stringify([...data.entries()]);

async function keep() {
  const data = typed();
  if (text(data) === kept) return;
  kept = text(data);
  const answer = await fetch("/help/form/keep", { method: "POST", body: data, keepalive: true }).catch(() => null);
  if (answer?.ok) show(await answer.json());
}

function show({ articles: found, calm: strong }) {
  calm.hidden = !strong;
  articles.hidden = found.length === 0;
  const items = found.map(({ title, url, language }) => {
    const link = Object.assign(document.createElement("a"), { href: url, textContent: title, target: "_blank" });
    link.lang = language;
    const item = document.createElement("li");
    item.append(link);
    return item;
  });
  articles.querySelector("ul").replaceChildren(...items);
}

const errorOf = (field) => document.getElementById(`e-${field.name}`);
const described = (field, ids) => field.setAttribute("aria-describedby", ids.filter(Boolean).join(" "));
const others = (field) =>
  (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each !== `e-${field.name}`);

function complain(field, words) {
  const error = errorOf(field) ?? document.createElement("p");
  const mark = Object.assign(document.createElement("span"), { className: "error-word", textContent: form.dataset.error });
  Object.assign(error, { id: `e-${field.name}`, className: "error" });
  error.replaceChildren(mark, ` ${words}`);
  field.before(error);
  field.setAttribute("aria-invalid", "true");
  described(field, [...others(field), error.id]);
}

function settle({ target: field }) {
  if (!field.dataset.needed || !field.value.trim() || !errorOf(field)) return;
  errorOf(field).remove();
  field.removeAttribute("aria-invalid");
  described(field, others(field));
}

form.addEventListener("input", settle);
form.addEventListener("focusout", keep);
addEventListener("pagehide", keep);
form.addEventListener("submit", (event) => {
  if (event.submitter?.value !== "next") return;
  const empty = [...form.querySelectorAll("[data-needed]")].filter((field) => !field.value.trim());
  for (const field of empty) complain(field, field.dataset.needed);
  if (empty.length === 0) return;
  event.preventDefault();
  empty[0].focus();
});
