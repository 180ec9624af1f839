using System.Diagnostics;
using System.Globalization;
using Samepage.Platform.Linux.Waiting;

namespace Samepage.Tests.Support;

/// <summary>A thread that waits, and of which the kernel itself can be asked whether it sleeps.</summary>
internal sealed class WaitingThread
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly Thread _thread;
    private uint _id;
    private Exception? _fault;

    public WaitingThread(Action wait)
    {
        using var begun = new ManualResetEventSlim();
        _thread = new Thread(() =>
        {
            _id = RobustThread.Current.ThreadId;
            begun.Set();
            _fault = Record.Exception(wait);
        })
        { IsBackground = true };
        _thread.Start();
        begun.Wait();
    }

    /// <summary>Returns once the thread sleeps on a shared wait word: that word's waiters mark alone says only that it is about to.</summary>
    public void AssertAsleep()
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{_id}/syscall");
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < _patience)
        {
            // number, then arguments: futex(word, FUTEX_WAIT_BITSET without FUTEX_PRIVATE_FLAG, …), or futex_waitv
            string[] call = File.ReadAllText(path).Split(' ');
            if (call.Length > 2 && (call[0] is "202" or "98" && call[2] == "0x9" || call[0] == "449"))
                return;
            Thread.Yield();
        }
        Assert.Fail("the thread never went to sleep");
    }

    /// <summary>Waits for the end of the wait; what it threw, or null.</summary>
    public Exception? End()
    {
        Assert.True(_thread.Join(_patience), "the wait has no end");
        return _fault;
    }
}
