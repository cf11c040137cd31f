-- util.hashring: spreads keys over nodes so that adding or removing one moves few of them (consistent hashing).

local methods = {};
local ring_mt = { __index = methods };

-- replicas: points per node on the ring; hash: string → a comparable value.
local function new(replicas, hash)
	return setmetatable({ nodes = {}, num_replicas = replicas, hash = hash }, ring_mt);
end

-- The points in order, and the node of each.
local function build(self)
	local points, owners = {}, {};
	for _, node in ipairs(self.nodes) do
		for replica = 1, self.num_replicas do
			local point = self.hash(node..":"..replica);
			points[#points+1] = point;
			owners[point] = node;
		end
	end
	table.sort(points);
	return { points = points, owners = owners };
end

function methods:add_node(node)
	return self:add_nodes { node };
end

function methods:add_nodes(nodes)
	for _, node in ipairs(nodes) do
		if not self.nodes[node] then
			self.nodes[node] = true;
			table.insert(self.nodes, node);
		end
	end
	self.ring = nil;
	return true;
end

-- false if it was not there.
function methods:remove_node(node)
	for i, known in ipairs(self.nodes) do
		if known == node then
			table.remove(self.nodes, i);
			self.nodes[node], self.ring = nil, nil;
			return true;
		end
	end
	return false;
end

function methods:remove_nodes(nodes)
	for _, node in ipairs(nodes) do
		self:remove_node(node);
	end
end

function methods:clone()
	local copy = new(self.num_replicas, self.hash);
	copy:add_nodes(self.nodes);
	return copy;
end

-- The node of the first point after the key; nil if there are no nodes.
function methods:get_node(key)
	self.ring = self.ring or build(self);
	local points, owners, position = self.ring.points, self.ring.owners, self.hash(key);
	for _, point in ipairs(points) do
		if position < point then
			return owners[point];
		end
	end
	return owners[points[1]];
end

return { new = new };
