// Sends the form that ends the session at the sign-in service. Without this script there is its button.
document.getElementById("leaving")?.submit();
