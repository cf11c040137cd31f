---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Operations on the bits of strings.
---@class util.strbitop.library
local lib = {}

---And.
---@param text string
---@param key string
---@return string
function lib.sand(text, key) end

---Or.
---@param text string
---@param key string
---@return string
function lib.sor(text, key) end

---Exclusive or.
---@param text string
---@param key string
---@return string
function lib.sxor(text, key) end

return lib
