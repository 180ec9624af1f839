using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Samepage.Hostile;

/// <summary>Whoever may write into the directory of the objects does to their files what can be done to files; but for cutting one that is mapped.</summary>
internal sealed partial class FileTricks(string directory, Epoch epoch) : IAttack
{
    private const int OfdSetLock = 37;
    private const int MostHeld = 20;
    private readonly Random _random = epoch.Chance(2);
    private readonly List<Mutation> _log = [];
    private readonly Queue<SafeFileHandle> _held = [];
    private int _drafts;

    public bool HasTargets => Directory.Exists(directory);

    public IReadOnlyList<Mutation> Log => _log;

    public void Mutate(bool transient)
    {
        string target = Target();
        int trick = _random.Next(12);
        _log.Add(new Mutation($"trick.{trick}:{Path.GetFileName(target)}", 0, []));
        try
        {
            Do(trick, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or in the way.
        }
    }

    /// <summary>A name that the victim uses, or a file that is there, a part of an object perhaps.</summary>
    private string Target()
    {
        string[] files = Directory.GetFileSystemEntries(directory, "*");
        return files.Length == 0 || _random.Next(2) == 0
            ? Path.Combine(directory, Scenes.FilesScene.NameOf(epoch.ObjectName, _random.Next(Scenes.FilesScene.Names)))
            : files[_random.Next(files.Length)];
    }

    private void Do(int trick, string target)
    {
        switch (trick)
        {
            case 0:
                File.Delete(target);
                break;
            case 1:
                Plant(target, new byte[_random.Next(3) * _random.Next(70_000)], alive: _random.Next(2) == 0);
                break;
            case 2 or 3 or 4:
                Plant(target, Spoiled(Copy(Target())), alive: _random.Next(4) != 0);
                break;
            case 5:
                Replace(target, draft => File.CreateSymbolicLink(draft, _random.Next(3) switch { 0 => target, 1 => "/dev/zero", _ => Target() }));
                break;
            case 6:
                Replace(target, draft => _ = MakeFifo(Encoding.UTF8.GetBytes(draft + '\0'), 0x180));
                break;
            case 7:
                File.Delete(target);
                Directory.CreateDirectory(target);
                break;
            case 8:
                if (!File.GetAttributes(target).HasFlag(FileAttributes.Directory))
                    File.SetUnixFileMode(target, (UnixFileMode)_random.Next(512));
                break;
            case 9:
                Grow(target);
                break;
            case 10:
                Replace(target, draft => _ = Link(Encoding.UTF8.GetBytes(Target() + '\0'), Encoding.UTF8.GetBytes(draft + '\0')));
                break;
            default:
                File.Move(Target(), target, overwrite: true);
                break;
        }
    }

    /// <summary>What the file holds, or nothing where that cannot be read without waiting for somebody.</summary>
    private static byte[] Copy(string path)
    {
        var file = new FileInfo(path);
        return file is { Exists: true, LinkTarget: null, UnixFileMode: not 0 } && file.Length is > 0 and < 4 << 20 ? File.ReadAllBytes(path) : [];
    }

    private byte[] Spoiled(byte[] content)
    {
        int length = _random.Next(4) switch
        {
            0 => _random.Next(content.Length + 1),
            1 => content.Length + _random.Next(70_000),
            _ => content.Length,
        };
        Array.Resize(ref content, length);
        for (int i = _random.Next(4); i > 0 && length > 128; i--)
            content[_random.Next(3) == 0 ? _random.Next(length) : _random.Next(128)] = (byte)_random.Next(256);
        return content;
    }

    /// <summary>In one step, as a whole; alive as an object is that somebody holds.</summary>
    private void Plant(string target, byte[] content, bool alive) => Replace(target, draft =>
    {
        File.WriteAllBytes(draft, content);
        if (!alive)
            return;
        SafeFileHandle handle = File.OpenHandle(draft, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var shared = new FileLock { Type = 0, Start = 0, Length = 1 };
        _ = Control(handle, OfdSetLock, ref shared);
        _held.Enqueue(handle);
        if (_held.Count > MostHeld)
            _held.Dequeue().Dispose();
    });

    private void Replace(string target, Action<string> make)
    {
        string draft = Path.Combine(directory, $"h.draft{_drafts++}");
        make(draft);
        if (Directory.Exists(target) && new DirectoryInfo(target).LinkTarget is null)
            Directory.Delete(target);
        File.Move(draft, target, overwrite: true);
    }

    private void Grow(string target)
    {
        if (Copy(target).Length == 0)
            return;
        using SafeFileHandle handle = File.OpenHandle(target, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.Write(handle, new byte[1], RandomAccess.GetLength(handle) + _random.Next(200_000));
    }

    public void Dispose()
    {
        foreach (SafeFileHandle handle in _held)
            handle.Dispose();
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FileLock
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int Process;
    }

    [LibraryImport("libc", EntryPoint = "mkfifo")]
    private static partial int MakeFifo(byte[] path, uint mode);

    [LibraryImport("libc", EntryPoint = "link")]
    private static partial int Link(byte[] from, byte[] to);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeFileHandle file, int command, ref FileLock what);
}
