---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Trees of XML as LuaExpat makes them.
---@class lxp.lom.library
local lib = {}

---An element: tag, attr, and its children as a list.
---@param text string|fun(): string?
---@return table?
---@return string?
---@return integer?
function lib.parse(text) end

return lib
