// What is left empty in the form stays out of the address.

for (const form of document.querySelectorAll("form.ask")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}
