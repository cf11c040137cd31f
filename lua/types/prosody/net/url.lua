---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---URLs and their queries (the library net-url).
---@class net.url.library
local lib = {}

---A URL of its parts.
---@param parts table
---@return string
function lib.build(parts) end

---Undoes that.
---@param values table
---@param separator? string
---@return string
function lib.buildQuery(values, separator) end

---The parts of a URL.
---@param url string
---@return table
function lib.parse(url) end

---The values by name; brackets in names make tables.
---@param query string
---@param separator? string
---@return table
function lib.parseQuery(query, separator) end

return lib
