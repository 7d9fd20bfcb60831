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

function complain(field, words) {
  const id = `e-${field.name}`;
  const error = document.getElementById(id) ?? document.createElement("p");
  Object.assign(error, { id, className: "error", textContent: words });
  field.before(error);
  field.setAttribute("aria-invalid", "true");
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((each) => each && each !== id);
  field.setAttribute("aria-describedby", [...others, id].join(" "));
}

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
