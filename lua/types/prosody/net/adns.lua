---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The domain name system.
---@class net.adns.library
local lib = {}

---Ends asking.
---@param handle table
---@param call_handler? boolean
---@param reason? string
function lib.cancel(handle, call_handler, reason) end

---Asks; the answer is a list of records.
---@param callback fun(answer: table?, err: string?)
---@param name string
---@param type? string
---@param class? string
---@return table
function lib.lookup(callback, name, type, class) end

---Asks, and promises the records.
---@param name string
---@param type? string
---@param class? string
---@return util.promise
function lib.lookup_promise(name, type, class) end

---Forgets what was found.
function lib.purge() end

---What asks: has methods lookup, lookup_promise, cancel, purge.
---@return table
function lib.resolver() end

return lib
