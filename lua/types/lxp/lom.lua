---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

<<<<<<< HEAD
---XML as tables (LuaExpat).
---@class lxp.lom.library
local lib = {}

---Reads a document.
---@param text any
---@return table?
---@return string?
=======
---Trees of XML as LuaExpat makes them.
---@class lxp.lom.library
local lib = {}

---An element: tag, attr, and its children as a list.
---@param text string|fun(): string?
---@return table?
---@return string?
---@return integer?
>>>>>>> main
function lib.parse(text) end

return lib
