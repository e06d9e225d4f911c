// What the page of a deck does when keys are pressed. Without it the page is read from top to bottom.
#include "sim/deck/html_parts.h"

namespace nutshell {

const std::string_view kHtmlScript = R"js(
'use strict';
(() => {
  const root = document.documentElement, slides = [...document.querySelectorAll('.slide')];
  let now = 0, step = 0, typed = '', beside = null, began = 0;
  const help = document.createElement('div');
  help.className = 'help';
  help.hidden = true;
  help.textContent = '\u2192 Space PgDn  on\n\u2190 PgUp  back\nHome End, 12 Enter  go there\nN  notes here\n' +
    'W  notes in a window of their own\nO  all slides\nF  full screen\nB .  blank\nR  read from top to bottom\n?  these keys';
  document.body.append(help);

  // Where a figure comes to its end stands with the notes for those who read; shown, it takes the place of its beginning.
  slides.forEach(slide => {
    const figures = [...slide.querySelectorAll('.face figure')];
    const ends = [...slide.querySelectorAll('.notes .end')];
    slide.ends = ends.map(end => ({end, notes: end.parentNode, face: figures[Number(end.dataset.of)]}));
    const last = slide.querySelectorAll('[data-build]').length;
    slide.builds = last + (ends.length > 0 ? 1 : 0);
    slide.ended = ends.length > 0 ? last + 1 : Infinity;
    slide.size = getComputedStyle(slide).getPropertyValue('--k');
  });
  const wrap = (nodes, kind) => {
    const span = document.createElement('div');
    span.className = kind;
    span.append(...nodes);
    return span;
  };
  const arrange = () => root.classList.add('staged') || slides.forEach(slide => slide.ends.forEach(each => {
    if (!each.face || each.in) return;
    each.in = true;
    each.face.append(wrap([...each.face.childNodes], 'begin'), wrap([...each.end.childNodes], 'end'));
    each.end.remove();
  }));
  const put_back = () => root.classList.remove('staged') || slides.forEach(slide => slide.ends.slice().reverse().forEach(each => {
    if (!each.in) return;
    each.in = false;
    const begin = each.face.querySelector(':scope>.begin'), end = each.face.querySelector(':scope>.end');
    each.end.append(...end.childNodes);
    each.face.replaceChildren(...begin.childNodes);
    each.face.classList.remove('ended');
    each.notes.prepend(each.end);
  }));

  // Words that are too many are made smaller, as a whole.
  const fit = slide => {
    const content = slide.querySelector('.content');
    slide.style.setProperty('--k', slide.size);
    const spills = () => content.scrollHeight > content.clientHeight + 1 || content.scrollWidth > content.clientWidth + 1;
    for (let k = Number(slide.size) || 1; k > 0.15 && spills();) slide.style.setProperty('--k', String(k *= 0.96));
  };
  const words = node => node.nodeName === 'BR' ? ' ' : node.alt || (node.childNodes.length > 0 ? [...node.childNodes].map(words).join('')
    : node.textContent);
  const title = slide => words(slide.querySelector('h1,h2,h3,h4') || slide.querySelector('p,li,img') || slide);
  const tell = () => {
    if (!beside || beside.closed) return;
    const slide = slides[now], notes = slide.querySelector('.notes');
    const page = beside.document;
    page.getElementById('place').textContent = (now + 1) + ' of ' + slides.length + ': ' + title(slide);
    page.getElementById('next').textContent =
      step < slide.builds ? 'Next: on this slide' : now + 1 < slides.length ? 'Next: ' + title(slides[now + 1]) : 'Next: the end';
    page.getElementById('notes').innerHTML = notes ? notes.innerHTML : '';
  };
  const draw = () => {
    slides.forEach((slide, i) => slide.classList.toggle('now', i === now));
    const slide = slides[now];
    slide.querySelectorAll('[data-build]').forEach(each => each.classList.toggle('later', Number(each.dataset.build) > step));
    slide.ends.forEach(each => each.face && each.face.classList.toggle('ended', step >= slide.ended));
    if (root.classList.contains('show')) fit(slide);
    if (overview()) slide.scrollIntoView({block: 'nearest'});
    try { history.replaceState(null, '', '#' + (now + 1)); } catch (error) { /* a page that may not say where it stands */ }
    tell();
  };
  const go = (to, whole) => {
    now = Math.max(0, Math.min(slides.length - 1, to));
    step = whole ? slides[now].builds : 0;
    draw();
  };
  const overview = () => root.classList.contains('all');
  const next = () => overview() ? go(now + 1) : step < slides[now].builds ? (++step, draw()) : now + 1 < slides.length && go(now + 1);
  const back = () => overview() ? go(now - 1) : step > 0 ? (--step, draw()) : now > 0 && go(now - 1, true);
  const show = on => {
    root.classList.toggle('show', on);
    root.classList.remove('all', 'noted', 'blank');
    if (on) arrange(); else put_back();
    draw();
    if (!on) slides.forEach(fit), slides[now].scrollIntoView();
  };
  const all = on => {
    root.classList.toggle('all', on);
    root.classList.toggle('show', !on);
    if (on) slides.forEach(fit), slides[now].scrollIntoView({block: 'center'}); else draw();
  };
  const open_notes = () => {
    beside = window.open('', 'nutshell-notes', 'width=900,height=700');
    // A browser that opens no windows shows them here.
    if (!beside) return root.classList.add('noted'), draw();
    began = began || Date.now();
    beside.document.title = 'Notes';
    beside.document.body.innerHTML = '<p id="clock"></p><h1 id="place"></h1><p id="next"></p><div id="notes"></div>';
    beside.document.body.style.cssText = 'font:1.25rem/1.5 system-ui,sans-serif;margin:1.5rem;color:#141B24;background:#fff';
    beside.document.getElementById('next').style.cssText = 'color:#5E6875';
    const images = beside.document.createElement('style');
    images.textContent = 'h1{font-size:1.5rem}p{margin:.6rem 0}#notes img{max-width:45%}';
    beside.document.head.append(images);
    beside.onkeydown = key;
    tell();
  };
  setInterval(() => {
    if (!beside || beside.closed) return;
    const seconds = Math.floor((Date.now() - began) / 1000), two = n => String(n).padStart(2, '0');
    beside.document.getElementById('clock').textContent = two(Math.floor(seconds / 60)) + ':' + two(seconds % 60);
  }, 500);

  const deeds = {
    ArrowRight: next, ArrowDown: next, PageDown: next, ' ': next,
    ArrowLeft: back, ArrowUp: back, PageUp: back, Backspace: back,
    Home: () => go(0), End: () => go(slides.length - 1, true),
    Enter: () => typed ? go(Number(typed) - 1) : overview() ? all(false) : next(),
    Escape: () => help.hidden ? all(!overview()) : help.hidden = true,
    o: () => all(!overview()),
    n: () => (root.classList.toggle('noted'), draw()),
    w: open_notes, r: () => show(!root.classList.contains('show')),
    b: () => root.classList.toggle('blank'), '.': () => root.classList.toggle('blank'),
    f: () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen && root.requestFullscreen(),
    '?': () => help.hidden = !help.hidden,
  };
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const reads = !root.classList.contains('show') && !overview();
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (/^[0-9]$/.test(name)) return void (typed += name);
    const deed = deeds[name];
    // Who reads scrolls with these keys.
    if (!deed || (reads && name !== 'r' && name !== '?' && name !== 'w')) return;
    event.preventDefault();
    deed();
    typed = '';
  }
  addEventListener('keydown', key);
  document.querySelector('main').addEventListener('click', event => {
    if (event.target.closest('a,.notes,pre')) return;
    if (overview()) {
      const slide = event.target.closest('.slide');
      if (!slide) return;
      all(false);
      return go(slides.indexOf(slide));
    }
    if (root.classList.contains('show') && String(getSelection()) === '') event.clientX < innerWidth / 4 ? back() : next();
  });
  // One finger that moves across; two make the page larger, and one that moves down scrolls.
  let touched = null;
  addEventListener('touchstart', event => {
    touched = event.touches.length === 1 ? event.touches[0] : null;
  }, {passive: true});
  addEventListener('touchend', event => {
    const from = touched, to = event.changedTouches[0];
    touched = null;
    if (!from || !to || !root.classList.contains('show')) return;
    const across = to.clientX - from.clientX, down = to.clientY - from.clientY;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(down)) across < 0 ? next() : back();
  }, {passive: true});
  addEventListener('touchcancel', () => touched = null, {passive: true});
  addEventListener('resize', () => root.classList.contains('show') && draw());
  addEventListener('hashchange', () => go((Number(location.hash.slice(1)) || 1) - 1));
  let showed = false;
  addEventListener('beforeprint', () => {
    showed = root.classList.contains('show');
    put_back();
    root.classList.remove('show', 'all', 'noted', 'blank');
    slides.forEach(slide => slide.style.setProperty('--k', slide.size));
  });
  addEventListener('afterprint', () => showed && show(true));

  now = Math.max(0, Math.min(slides.length - 1, (Number(location.hash.slice(1)) || 1) - 1));
  show(true);
})();
)js";

}  // namespace nutshell
