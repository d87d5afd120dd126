-- Takes up the view 'to', and makes sure that the mark is not passed by 'token'. Stands in the scripts where they say so, since to make a function of it for each call costs as much as all the rest of what
-- they do with the marker.
if token > tonumber(mark) or tonumber(view) < tonumber(to) then
  local further = token > tonumber(mark) and string.format('%.0f', math.min(token + 999, LAST)) or mark
  local later = tonumber(view) < tonumber(to) and to or view
  redis.call('SET', KEYS[1], 'R ' .. LIFE .. ' ' .. later .. ' ' .. further .. ' ' .. floor .. string.sub(marker, rest))
end
