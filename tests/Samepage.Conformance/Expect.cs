using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Samepage.Conformance.Peers;

namespace Samepage.Conformance;

/// <summary>What many of these tests ask for.</summary>
internal static class Expect
{
    /// <summary>A name that no other test, and no other run, uses.</summary>
    public static string NewName([CallerMemberName] string test = "") => $"{test[..Math.Min(test.Length, 40)]}-{Guid.NewGuid():N}";

    public static string NewGlobalName([CallerMemberName] string test = "") => @"Global\" + NewName(test);

    /// <summary>The refusal with this reason, and the Win32 code that the model names for it, as an HRESULT.</summary>
    public static SharedObjectException Refusal(FailureReason reason, int code, Action action)
    {
        var refused = Assert.Throws<SharedObjectException>(action);
        Assert.True(refused.Reason == reason, $"{refused.Reason} instead of {reason}: {refused.Message}");
        Assert.Equal(unchecked((int)0x80070000) | code, refused.HResult);
        return refused;
    }

    /// <summary>The refusal that the other process met.</summary>
    public static void PeerRefusal(FailureReason reason, int code, Action action) =>
        Assert.StartsWith($"{reason} {code}:", Assert.Throws<PeerRefusedException>(action).Message, StringComparison.Ordinal);

    /// <summary>Asks again until it is so: for what the system does in its own time, such as tidying up behind a killed process.</summary>
    public static void Eventually(Func<bool> isSo, string what)
    {
        long deadline = Environment.TickCount64 + (long)Peer.Patience.TotalMilliseconds;
        while (!isSo())
        {
            Assert.True(Environment.TickCount64 < deadline, $"Never came to be: {what}");
            Thread.Yield();
        }
    }

    /// <summary>Runs on a thread of its own, and fails when that thread does not end.</summary>
    public static T OnAnotherThread<T>(Func<T> function)
    {
        Task<T> task = Begin(function);
        Assert.True(((IAsyncResult)task).AsyncWaitHandle.WaitOne(Peer.Patience), "The thread hangs.");
        return task.GetAwaiter().GetResult();
    }

    public static void OnAnotherThread(Action action) => OnAnotherThread(() =>
    {
        action();
        return true;
    });

    /// <summary>Starts a thread of its own: nobody else's work runs on it, and it ends with the function.</summary>
    public static Task<T> Begin<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread? thread = null;
        T? result = default;
        Exception? fault = null;
        thread = new Thread(() =>
        {
            try
            {
                result = function();
            }
            catch (Exception e)
            {
                fault = e;
            }
        })
        { IsBackground = true };
        thread.Start();
        // The task is done when the thread has ended, not when it is about to.
        new Thread(() =>
        {
            thread.Join();
            if (fault is null)
                done.SetResult(result!);
            else
                done.SetException(fault);
        })
        { IsBackground = true }.Start();
        return done.Task;
    }

    public static T Result<T>(Task<T> task)
    {
        Assert.True(((IAsyncResult)task).AsyncWaitHandle.WaitOne(Peer.Patience), "The thread hangs.");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Wine, the stand-in for Windows, which is not faithful in everything: a test that meets such a point skips and says so.</summary>
    public static bool IsWine { get; } = OperatingSystem.IsWindows()
        && NativeLibrary.TryLoad("ntdll.dll", out nint library)
        && NativeLibrary.TryGetExport(library, "wine_get_version", out _);
}

/// <summary>A file on disk for the time of one test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(ReadOnlySpan<byte> content = default) => File.WriteAllBytes(Path, content);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"samepage-{Guid.NewGuid():N}.bin");

    public byte[] Content
    {
        get
        {
            // Others may still have it open, for writing too.
            using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
    }

    public void Dispose() => File.Delete(Path);
}
