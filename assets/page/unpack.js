// The page's data, as gdviz/export/page/contents.py writes it.

const ARRAYS = { f64: Float64Array, f32: Float32Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array };

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const unpack = (packed) => new ARRAYS[packed.type](bytesOf(packed.data).buffer);

function readData() {
  const data = JSON.parse(document.getElementById("gdviz-data").textContent);
  const map = data.map;
  map.places = unpack(map.places);
  map.colors = unpack(map.colors);
  map.contours = { points: unpack(map.contours.points), counts: unpack(map.contours.counts) };
  for (const run of data.runs) {
    run.path = computedPath(run);
    for (const name of ["draws", "noise"]) if (run.turning && run.turning[name]) run.turning[name] = unpack(run.turning[name]);
  }
  for (const thin of data.thin) thin.points = unpack(thin.points);
  data.trajectory = data.trajectory.map((at) => (at === null ? NaN : at));
  return data;
}

function readExperiment() {
  const text = document.getElementById("gdviz-experiment").textContent;
  return text === "null" ? null : text;
}
