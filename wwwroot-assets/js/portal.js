// What the pages need beside Blazor: where the focus goes, coming back after a lost connection, and three small courtesies.
// Everything here is an extra; each page works without it.

// --- Focus -------------------------------------------------------------------------------------------------------------------
// After a navigation a screen reader should begin at the heading of the new page (or at the first field that was refused).

let shownPath = location.pathname;
let focused = null;

function focusPage() {
  const refused = document.querySelector('main [aria-invalid="true"]');
  focused = refused ?? document.querySelector('main h1');
  focused?.focus({ preventScroll: refused === null });
}

// When its circuit starts, Blazor replaces what was rendered first by equal elements; the focus would fall out of the page.
new MutationObserver(() => {
  if (focused && !focused.isConnected && document.activeElement === document.body) {
    if (focused.matches('h1, [aria-invalid="true"]')) {
      focusPage();
    } else {
      twinOf(focused)?.focus({ preventScroll: true });
    }
  }
}).observe(document.body, { childList: true, subtree: true });

function twinOf(gone) {
  const name = ['data-testid', 'id', 'href'].find((attribute) => gone.hasAttribute(attribute));
  return name && document.querySelector(`main [${name}="${CSS.escape(gone.getAttribute(name))}"]`);
}

document.addEventListener('focusin', (event) => {
  focused = event.target.closest('main') ? event.target : null;
});

if (!document.querySelector('[autofocus]') && !location.hash) {
  focusPage();
}

Blazor.addEventListener('enhancedload', () => {
  closeMenus();
  const moved = location.pathname !== shownPath;
  shownPath = location.pathname;
  // A link into a page leads to its place, not to its beginning.
  if ((moved && !location.hash) || document.querySelector('main [aria-invalid="true"]')) {
    focusPage();
  }
});

// --- Coming back -------------------------------------------------------------------------------------------------------------
// Blazor shows and hides the notice by classes and retries for some minutes. When it gives up, or the server no longer knows the
// circuit, the page is opened again: the address and the database hold everything but what was being typed.

const knockEveryMs = 3000;
const notice = document.getElementById('components-reconnect-modal');
let reopening = false;

new MutationObserver(() => {
  if (notice.classList.contains('components-reconnect-rejected') || notice.classList.contains('components-reconnect-failed')) {
    reopen();
  }
}).observe(notice, { attributes: true, attributeFilter: ['class'] });

// Waits until the server answers, so that nobody is left on the browser's own error page.
async function reopen() {
  if (reopening) {
    return;
  }

  reopening = true;
  for (;;) {
    try {
      await fetch(document.baseURI + 'favicon.svg', { method: 'HEAD', cache: 'no-store' });
      location.reload();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, knockEveryMs));
    }
  }
}

// --- Courtesies --------------------------------------------------------------------------------------------------------------

// A code pasted as "482 913" or "code: 482913" would be cut off at the field's length before its digits were counted.
document.addEventListener('paste', (event) => {
  if (event.target.matches('input[data-digits]')) {
    const digits = (event.clipboardData.getData('text').normalize('NFKC').match(/\d/g) ?? []).join('');
    if (digits) {
      event.preventDefault();
      document.execCommand('insertText', false, digits);
    }
  }
});

document.addEventListener('submit', (event) => {
  const here = event.target.querySelector('input[data-here]');
  if (here) {
    here.value = location.pathname + location.search;
  }

  // A form that must not go out twice says so; the server refuses the second anyway.
  if (event.target.matches('form[data-once]')) {
    if (event.target.dataset.sent) {
      event.preventDefault();
    }
    event.target.dataset.sent = 'yes';
  }
});

addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent));

function closeMenus(except) {
  document.querySelectorAll('details.account[open]').forEach((menu) => {
    if (menu !== except) {
      menu.open = false;
    }
  });
}

document.addEventListener('click', (event) => closeMenus(event.target.closest('details.account')));

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    const menu = event.target.closest('details.account[open]');
    closeMenus();
    menu?.querySelector('summary').focus();
  }
});
