using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Samepage.Platform;
using Samepage.Platform.Linux;
using Samepage.Testing;

namespace Samepage.Tests.Support;

/// <summary>Names, files and expectations that many of these tests need.</summary>
internal static class Scene
{
    public static string NewName([CallerMemberName] string test = "") => $"{test[..Math.Min(test.Length, 40)]}-{Guid.NewGuid():N}";

    /// <summary>The directory of the user's objects, made by using it.</summary>
    public static string LocalDirectory
    {
        get
        {
            using (SharedMutex.CreateOrOpen("scene"))
                return ScopeDirectory.PathOf(SharedObjectScope.Local);
        }
    }

    public static string PathOf(string name) =>
        Path.Combine(LocalDirectory, Encoding.ASCII.GetString(FileNameEncoding.Encode(ObjectName.Parse(name).Bare)).TrimEnd('\0'));

    /// <summary>All bytes of a live object's file.</summary>
    public static byte[] FileOf(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>A directory for one test, removed by <see cref="Directory.Delete(string, bool)"/> with the run's.</summary>
    public static string NewRoot([CallerMemberName] string test = "") =>
        Directory.CreateDirectory(Path.Combine(Isolation.Root, $"root-{test[..Math.Min(test.Length, 40)]}-{Guid.NewGuid():N}")).FullName;

    public static SharedObjectException Refusal(FailureReason reason, Action action)
    {
        var refused = Assert.Throws<SharedObjectException>(action);
        Assert.True(refused.Reason == reason, $"{refused.Reason} instead of {reason}: {refused.Message}");
        return refused;
    }
}

/// <summary>A file put in an object's place by hand, held alive as a holder holds it, and removed afterwards.</summary>
internal sealed class ForgedObject : IDisposable
{
    private readonly SafeFileHandle _handle;

    public ForgedObject(string name, ReadOnlySpan<byte> content)
    {
        Path = Scene.PathOf(name);
        // Written aside and moved into place, so that nobody sees half of it.
        string draft = System.IO.Path.Combine(Isolation.Root, $"forged-{Guid.NewGuid():N}");
        File.WriteAllBytes(draft, content);
        _handle = File.OpenHandle(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        LifeLock.Join((int)_handle.DangerousGetHandle(), name);
        File.Move(draft, Path);
    }

    public string Path { get; }

    public void Dispose()
    {
        _handle.Dispose();
        File.Delete(Path);
    }
}

/// <summary>The files that this process has open.</summary>
internal static class OpenFiles
{
    public static bool Any(string name) => Count(name) > 0;

    public static int Count(string name) => Directory.GetFiles("/proc/self/fd")
        .Select(link => new FileInfo(link).LinkTarget ?? "")
        .Count(target => target.Contains(name, StringComparison.Ordinal));
}
