---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Data forms (XEP-0004).
---@class util.dataforms.library
local lib = {}

---The layout of somebody's form.
---@param form Stanza
---@return table
function lib.from_stanza(form) end

---The FORM_TYPE of a form.
---@param form Stanza
---@return string?
---@return string?
function lib.get_type(form) end

---A form of a layout: a list of fields with title and instructions. Its methods are form(values, type) and data(form, current).
---@param layout table
---@return table
function lib.new(layout) end

return lib
