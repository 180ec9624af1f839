using System.Diagnostics;
using System.Runtime.InteropServices;
using Samepage.Channels;
using Samepage.Tests.Support;

namespace Samepage.Tests.Bounds;

/// <summary>The time of day goes back and forth while somebody waits. It is that of the whole machine, so it runs only when it is asked for by name.</summary>
public sealed unsafe partial class ClockTests
{
    private const int Realtime = 0;

    private static readonly TimeSpan _timeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    [Fact(Explicit = true)]
    public void It_changes_no_wait()
    {
        using SharedEvent signal = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        using SharedEvent other = SharedEvent.Create(Scene.NewName(), EventResetMode.AutoReset);
        using SharedLock flows = SharedLock.Create(Scene.NewName());
        Assert.Equal(WaitResult.Signaled, flows.Wait());
        using Topic topic = Topic.Create(Scene.NewName(), new TopicOptions { Capacity = 64 << 10 });
        using TopicSubscriber subscriber = topic.Subscribe();
        (string Name, Func<bool> TimesOut)[] waits =
        [
            ("event", () => signal.Wait(_timeout) == WaitResult.TimedOut),
            ("lock", () => flows.Wait(_timeout) == WaitResult.TimedOut),
            ("any", () => SharedWait.Any([signal, other], _timeout).Result == WaitResult.TimedOut),
            ("asynchronous", () => signal.WaitAsync(_timeout).AsTask().GetAwaiter().GetResult() == WaitResult.TimedOut),
            ("topic", () => !subscriber.WaitToRead(_timeout)),
        ];
        TimeSpan[] took = new TimeSpan[waits.Length];
        bool[] timedOut = new bool[waits.Length];
        Thread[] threads =
        [
            .. waits.Select((wait, i) => new Thread(() =>
            {
                var clock = Stopwatch.StartNew();
                timedOut[i] = wait.TimesOut();
                took[i] = clock.Elapsed;
            }) { IsBackground = true }),
        ];
        using (new MovedClock())
        {
            foreach (Thread thread in threads)
                thread.Start();
            foreach (Thread thread in threads)
                Assert.True(thread.Join(_bound), "a wait goes on for as long as the clock was set back");
        }
        for (int i = 0; i < waits.Length; i++)
        {
            Assert.True(timedOut[i], waits[i].Name);
            Assert.True(took[i] >= _timeout, $"{waits[i].Name} ended after {took[i]}, when the clock was set forth");
        }
    }

    /// <summary>The time of day, a day later and a day earlier in turns, and right again at the end.</summary>
    private sealed class MovedClock : IDisposable
    {
        private readonly Time _begun = Now();
        private readonly long _timestamp = Stopwatch.GetTimestamp();
        private readonly Thread _mover;
        private volatile bool _ends;

        public MovedClock()
        {
            // Refused at once, where it is.
            Set(TimeSpan.Zero);
            _mover = new Thread(Move) { IsBackground = true };
            _mover.Start();
        }

        private static Time Now()
        {
            Time now;
            Assert.Equal(0, GetTime(Realtime, &now));
            return now;
        }

        private void Move()
        {
            for (int day = 1; !_ends; day = -day)
            {
                Set(TimeSpan.FromDays(day));
                Thread.Yield();
            }
        }

        private void Set(TimeSpan ahead)
        {
            TimeSpan since = Stopwatch.GetElapsedTime(_timestamp) + ahead;
            long nanoseconds = _begun.Nanoseconds + since.Ticks % TimeSpan.TicksPerSecond * 100;
            long carried = Math.DivRem(nanoseconds, 1_000_000_000, out long rest);
            if (rest < 0)
                (carried, rest) = (carried - 1, rest + 1_000_000_000);
            var time = new Time { Seconds = _begun.Seconds + since.Ticks / TimeSpan.TicksPerSecond + carried, Nanoseconds = rest };
            Assert.True(SetTime(Realtime, &time) == 0, $"clock_settime: error {Marshal.GetLastPInvokeError()}; setting the clock takes an administrator");
        }

        public void Dispose()
        {
            _ends = true;
            _mover.Join();
            Set(TimeSpan.Zero);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, Time* time);

    [LibraryImport("libc", EntryPoint = "clock_settime", SetLastError = true)]
    private static partial int SetTime(int clock, Time* time);
}
