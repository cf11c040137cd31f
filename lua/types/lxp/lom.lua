---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---XML as tables (LuaExpat).
---@class lxp.lom.library
local lib = {}

---The first element of a name, in it or below.
---@param element table
---@param tag string
---@return table?
function lib.find_elem(element, tag) end

---Iterates over the elements directly in it.
---@param element table
---@param tag? string
---@return fun(): table?
function lib.list_children(element, tag) end

---An element: tag, attr, and its children in order.
---@param source string|table|function
---@param separator? string
---@return table?
---@return string?
---@return integer?
---@return integer?
---@return integer?
function lib.parse(source, separator) end

return lib
