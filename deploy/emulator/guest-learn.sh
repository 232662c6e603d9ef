# Run in the emulated machine: platen finds out how the keys of /host/learn.script are wired.
sim=/sys/kernel/debug/platen_matrix_sim/keys
cp /host/platen /tmp/
cat /host/learn.script >$sim/script
/tmp/platen keys learn --chip keys --lines 0-15 --keys "$(cat /host/keys)" --output /tmp/learned.toml &
pid=$!
sleep 1
echo 1 >$sim/play
sleep 2
if [ -d /proc/$pid ]; then kill $pid; fi
wait $pid || exit 1
cp /tmp/learned.toml /host/
echo "lines driven both ways at once: $(cat $sim/fights) times"
[ "$(cat $sim/fights)" -eq 0 ]
