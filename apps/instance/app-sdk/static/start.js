// In a frame of its computer: it can be reached from here. Whoever hears it checks where it comes from.
parent.postMessage({ type: 'mos-app-here' }, '*')
// A browser takes both strokes for the same, and two of them for another host.
location.replace(`/${location.hash.slice(1).replace(/^[/\\]+/, '')}`)
