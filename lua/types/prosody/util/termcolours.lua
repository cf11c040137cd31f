---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Colours of terminals.
---@class util.termcolours.library
local lib = {}

---A text in a style.
---@param style string?
---@param text string
---@return string
function lib.getstring(style, text) end

---A style of names.
---@param ... string
---@return string?
function lib.getstyle(...) end

---Prints in a style from now on.
---@param style string
function lib.setstyle(style) end

---The colours of a text as HTML.
---@param text string
---@return string
function lib.tohtml(text) end

return lib
