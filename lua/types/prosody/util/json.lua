---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---JSON.
---@class util.json.library
local lib = {}

---Reads JSON, or gives nil and what is wrong.
---@param text string
---@return any
---@return string?
function lib.decode(text) end

---Writes JSON.
---@param value any
---@param options? table
---@return string
function lib.encode(value, options) end

---Writes a list.
---@param list table
---@return string
function lib.encode_array(list) end

---Writes JSON with sorted keys.
---@param value any
---@return string
function lib.encode_ordered(value) end

---Whether a value survives being written and read.
---@param value any
---@return boolean
function lib.test(value) end

return lib
