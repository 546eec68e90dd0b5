/* The hits of the tab 检索: a click or a key becomes an event; copying and moving about stay in the page. */
const cards = () => [...element.querySelectorAll('.card.hit')];

const choose = card => {
    cards().forEach(other => other.classList.toggle('chosen', other === card));
    card.focus({preventScroll: true});
    card.scrollIntoView({block: 'nearest'});
};

const copied = async button => {
    const text = button.closest('.card').querySelector('.text').innerText;
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        const box = document.createElement('textarea');
        box.value = text;
        document.body.append(box);
        box.select();
        document.execCommand('copy');
        box.remove();
    }
    const label = button.textContent;
    button.textContent = '已复制';
    setTimeout(() => { button.textContent = label; }, 1500);
};

const press = button => {
    if (!button) return;
    const {act, value} = button.dataset;
    const card = button.closest('.card.hit');
    if (card) choose(card);
    if (act === 'copy') copied(button);
    else trigger('click', {act, value});
};

element.addEventListener('click', event => {
    const button = event.target.closest('[data-act]');
    if (button) press(button);
    else if (event.target.closest('.card.hit')) choose(event.target.closest('.card.hit'));
});

const KEYS = {Enter: 'open', i: 'insert', r: 'refer', c: 'copy'};

if (element.id === 'hits' || element.closest('#hits')) document.addEventListener('keydown', event => {
    if (element.offsetParent === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest('input, textarea, [contenteditable=true]');
    const query = document.querySelector('#query textarea, #query input');
    const down = event.key === 'ArrowDown' || (event.key === 'j' && !typing);
    const up = event.key === 'ArrowUp' || (event.key === 'k' && !typing);
    if (typing && !(event.target === query && down)) return;
    const all = cards();
    const now = all.findIndex(card => card.contains(document.activeElement));
    if ((down || up) && all.length) {
        if (up && now <= 0) query.focus();
        else choose(all[down ? Math.min(now + 1, all.length - 1) : now - 1]);
    } else if (event.key === '/') {
        query.focus();
        query.select();
    } else if (now >= 0 && event.target === all[now] && KEYS[event.key]) {
        press(all[now].querySelector(`[data-act=${KEYS[event.key]}]`));
    } else return;
    event.preventDefault();
});
