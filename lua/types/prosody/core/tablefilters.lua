---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---util.filters for sessions that are tables of modules; use util.filters.
---@class core.tablefilters.library
local lib = {}

---Adds a filter.
---@param session table
---@param kind string
---@param callback function
---@param priority? number
function lib.add_filter(session, kind, callback, priority) end

---Gives a session its function filter(kind, data).
---@param session table
---@return function
function lib.initialize(session) end

---Makes a sink for each entry of the option log that wants one of the name.
---@param name string
---@param maker fun(config: table): function
---@return function?
function lib.register_sink_type(name, maker) end

---Removes one.
---@param session table
---@param kind string
---@param callback function
---@return boolean?
function lib.remove_filter(session, kind, callback) end

return lib
