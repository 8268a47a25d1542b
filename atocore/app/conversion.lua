-- What pandoc reads, made plain enough for Markdown that is searched and cited: no images, no raw code of other
-- formats, tables of one line a row, labels as labelled lines, and the title as a heading.

local function on_one_line(inlines)
  return inlines:walk { LineBreak = pandoc.Space, SoftBreak = pandoc.Space }
end

local function flat(cell)
  local blocks = pandoc.Blocks {}
  for _, block in ipairs(cell.contents) do
    if block.t == 'BulletList' or block.t == 'OrderedList' then
      for _, item in ipairs(block.content) do
        blocks:extend(item)
      end
    else
      blocks:insert(block)
    end
  end
  local said = pandoc.utils.blocks_to_inlines(blocks, { pandoc.Str ';', pandoc.Space() })
  return { pandoc.Plain(on_one_line(said)) }
end

-- The cells of some rows by column, those that span several rows or columns said again in each.
local function grid(rows, width)
  local lines, below = {}, {}
  for _, row in ipairs(rows) do
    local line, at = {}, 1
    for _, cell in ipairs(row.cells) do
      while below[at] do
        line[at], at = below[at].said, at + 1
      end
      local said = flat(cell)
      for _ = 1, math.min(cell.col_span, 64) do
        line[at] = said
        if cell.row_span > 1 then
          below[at] = { said = said, rows = cell.row_span }
        end
        at = at + 1
      end
    end
    for n = 1, width do
      line[n] = line[n] or (below[n] and below[n].said) or {}
      if below[n] then
        below[n].rows = below[n].rows - 1
        if below[n].rows <= 0 then
          below[n] = nil
        end
      end
    end
    lines[#lines + 1] = line
  end
  return lines
end

local function cut(line, width)
  local kept = {}
  for n = 1, width do
    kept[n] = line[n] or {}
  end
  return kept
end

function Table(t)
  local width = #t.colspecs
  local rows = {}
  for _, body in ipairs(t.bodies) do
    for _, part in ipairs({ body.head, body.body }) do
      for _, row in ipairs(part) do
        rows[#rows + 1] = row
      end
    end
  end
  for _, row in ipairs(t.foot.rows) do
    rows[#rows + 1] = row
  end
  local head = grid(t.head.rows, width)
  local lines = grid(rows, width)
  local top = table.remove(head)
  for n = #head, 1, -1 do -- of several rows of headings the last heads the columns
    table.insert(lines, 1, head[n])
  end
  local aligned, widths, plain = {}, {}, {}
  for n = 1, width do
    aligned[n], widths[n] = pandoc.AlignDefault, 0
  end
  for n, line in ipairs(lines) do
    plain[n] = cut(line, width)
  end
  local simple = pandoc.SimpleTable({}, aligned, widths, cut(top or {}, width), plain)
  local made = { pandoc.utils.from_simple_table(simple) }
  local caption = pandoc.utils.blocks_to_inlines(t.caption.long)
  if #caption > 0 then
    table.insert(made, 1, pandoc.Para(on_one_line(caption)))
  end
  return made
end

function DefinitionList(list)
  local items = {}
  for _, item in ipairs(list.content) do
    local label, definitions = item[1], item[2]
    local blocks = pandoc.Blocks {}
    for _, definition in ipairs(definitions) do
      blocks:extend(definition)
    end
    local first = blocks[1]
    local said = pandoc.Inlines { pandoc.Strong(label .. { pandoc.Str ':' }), pandoc.Space() }
    if first and (first.t == 'Para' or first.t == 'Plain') then
      said:extend(first.content)
      blocks:remove(1)
    end
    blocks:insert(1, pandoc.Para(said))
    items[#items + 1] = blocks
  end
  return pandoc.BulletList(items)
end

function Image(image)
  return image.caption
end

function Figure(figure)
  return figure.caption.long
end

function Link(link)
  if link.target:match '^%s*[dD][aA][tT][aA]:' or link.target:match '^%s*[jJ][aA][vV][aA]' then
    return link.content
  end
end

function RawBlock()
  return {}
end

function RawInline()
  return {}
end

-- What a directive such as `.. req:: Title` with an `:id:` is about, by its name.
local NAMED = {
  req = 'Requirement', requirement = 'Requirement', sys_req = 'Requirement', sw_req = 'Requirement',
  constraint = 'Constraint', assumption = 'Assumption', decision = 'Decision', ['arch-decision'] = 'Decision',
}

-- A directive with an identifier of its own is a section headed by that; any other division is its content.
function Div(div)
  local id, first = div.attributes.id, div.content[1]
  if not id or not id:match '^[%w_.-]+$' or not first or not (first.t == 'Para' or first.t == 'Plain') then
    return div.content
  end
  local kind = NAMED[div.classes[1] or '']
  local head = pandoc.Inlines { pandoc.Str(kind and kind .. ' ' .. id or id) }
  head:extend { pandoc.Str ':', pandoc.Space() }
  head:extend(on_one_line(first.content))
  local said = pandoc.Blocks { pandoc.Header(6, head) }
  if div.attributes.status then
    said:insert(pandoc.Para { pandoc.Str('Status: ' .. div.attributes.status) })
  end
  for n = 2, #div.content do
    said:insert(div.content[n])
  end
  return said
end

function Span(span)
  return span.content
end

local TOLD = { 'status', 'date', 'author', 'authors', 'version', 'revision' }

function Pandoc(doc)
  local before = pandoc.Blocks {}
  local title = doc.meta.title and pandoc.utils.stringify(doc.meta.title) or ''
  local first = doc.blocks[1]
  local headed = first and first.t == 'Header' and pandoc.utils.stringify(first.content) == title
  if title ~= '' and not headed then
    local top = 2
    for _, block in ipairs(doc.blocks) do
      if block.t == 'Header' then
        top = math.min(top, block.level)
      end
    end
    if top == 1 and doc.blocks:find_if(function(b) return b.t == 'Header' and b.level == 1 end) then
      local others = 0
      doc.blocks:walk { Header = function(h) if h.level == 1 then others = others + 1 end end }
      if others > 1 then -- the document's sections stand under its title
        doc.blocks = doc.blocks:walk {
          Header = function(h)
            h.level = math.min(h.level + 1, 6)
            return h
          end,
        }
        before:insert(pandoc.Header(1, title))
      end
    else
      before:insert(pandoc.Header(1, title))
    end
  end
  for _, name in ipairs(TOLD) do
    local value = doc.meta[name] and pandoc.utils.stringify(doc.meta[name]) or ''
    if value ~= '' then
      before:insert(pandoc.Para { pandoc.Str(name:sub(1, 1):upper() .. name:sub(2) .. ':'), pandoc.Space(), pandoc.Str(value) })
    end
  end
  before:extend(doc.blocks)
  return pandoc.Pandoc(before)
end
