---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Lua values as text.
---@class util.serialization.library
local lib = {}

---Reads.
---@param text string
---@return any
---@return string?
function lib.deserialize(text) end

---A function that writes in a way.
---@param options? table|string
---@return fun(value: any): string
function lib.new(options) end

---Writes.
---@param value any
---@param options? table|string
---@return string
function lib.serialize(value, options) end

return lib
