---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Measurements outside of modules.
---@class core.statsmanager.library
local lib = {}

---Holds back what backends are sent.
function lib.cork() end

---All measurements, with render() as text; nil without the option statistics.
---@return table?
function lib.get_metric_registry() end

---Makes a function that takes measurements.
---@param type string
---@param name string
---@param config? table
---@return function
function lib.measure(type, name, config) end

---Makes a metric.
---@param type string
---@param name string
---@param unit? string
---@param description? string
---@param labels? string[]
---@param config? table
---@return table
function lib.metric(type, name, unit, description, labels, config) end

---A family of which the label of the host is set.
---@param family table
---@param host string
---@param alone boolean
---@return table
function lib.of_host(family, host, alone) end

---Sends it.
function lib.uncork() end

return lib
