using Samepage.Testing;

namespace Samepage.Conformance.ErrorModel;

/// <summary>What one fault needs around it, for as long as it takes.</summary>
internal sealed class FaultScene : IDisposable
{
    private readonly List<IDisposable> _kept = [];

    public FaultScene() => Subject = Name;

    /// <summary>A name that nothing else has.</summary>
    public string Name { get; } = Expect.NewName("error-model");

    /// <summary>What the message must name: the object, the file, or what was wrong with the call.</summary>
    public string Subject { get; set; }

    public T Keep<T>(T thing)
        where T : IDisposable
    {
        _kept.Add(thing);
        return thing;
    }

    public SharedMemory Section(MemoryAccess protection = MemoryAccess.ReadWrite, long size = 4096) =>
        Keep(SharedMemory.Create(Name, size, new SharedMemoryOptions { Protection = protection }));

    public SharedMemory Reserved(long size = 1 << 20, long committed = 4096) =>
        Keep(SharedMemory.Create(Name, size, new SharedMemoryOptions { Reserve = true, InitialCommit = committed }));

    public MemoryView View(MemoryAccess protection = MemoryAccess.ReadWrite) => Keep(Section(protection).Map());

    /// <summary>A disk file, which the message must name.</summary>
    public string File(int length)
    {
        string path = Keep(new TemporaryFile(new byte[length])).Path;
        Subject = Path.GetFileName(path);
        return path;
    }

    /// <summary>The file, open; the message must name it, too.</summary>
    public FileStream Open(int length, FileAccess access) =>
        Keep(new FileStream(File(length), FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete));

    /// <summary>Writes where only the library writes: into what an object says of itself.</summary>
    /// <param name="onLinux">Offset in the object's file.</param>
    /// <param name="onWindows">Offset in the companion of a section.</param>
    /// <param name="value">What then stands there.</param>
    public void Scribble(int onLinux, int onWindows, byte value)
    {
        if (OperatingSystem.IsWindows())
        {
            using SharedMemory companion = SharedMemory.Open(Name + " (samepage companion)");
            using MemoryView view = companion.Map();
            view.Span[onWindows] = value;
            return;
        }
        string path = Directory.GetFiles(Isolation.Root, Name, SearchOption.AllDirectories).Single();
        using FileStream file = System.IO.File.OpenWrite(path);
        file.Position = onLinux;
        file.WriteByte(value);
    }

    public void Dispose()
    {
        for (int i = _kept.Count - 1; i >= 0; i--)
            _kept[i].Dispose();
    }
}
