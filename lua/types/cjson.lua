---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---JSON (lua-cjson).
---@class cjson.library
local lib = {}

---Reads JSON; a mistake is an error.
---@param text string
---@return any
function lib.decode(text) end

---Takes a setting and does nothing.
---@param depth? integer
---@return integer
function lib.decode_max_depth(depth) end

---Writes JSON.
---@param value any
---@return string
function lib.encode(value) end

---Takes a setting and does nothing.
---@param on? boolean
---@return boolean
function lib.encode_empty_table_as_object(on) end

---Takes a setting and does nothing.
---@param depth? integer
---@return integer
function lib.encode_max_depth(depth) end

---Takes a setting and does nothing.
---@param precision? integer
---@return integer
function lib.encode_number_precision(precision) end

---Takes a setting and does nothing.
---@param convert? boolean
---@param ratio? integer
---@param safe? integer
function lib.encode_sparse_array(convert, ratio, safe) end

---Another instance with settings of its own.
---@return table
function lib.new() end

return lib
