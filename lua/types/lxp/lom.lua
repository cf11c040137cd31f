---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---XML as tables (LuaExpat).
---@class lxp.lom.library
local lib = {}

---Reads a document.
---@param text any
---@return table?
---@return string?
function lib.parse(text) end

return lib
