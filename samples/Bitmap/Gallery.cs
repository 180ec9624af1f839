using System.Runtime.CompilerServices;
using Samepage;

namespace Bitmap;

/// <summary>The section "Bitmap". It says which version is current; the bytes of version 7 are the section "Bitmap.7", no more and no less.</summary>
internal struct Catalogue
{
    /// <summary>Where readers look: one store puts another bitmap in the place of the one before.</summary>
    public long Current;

    /// <summary>The greatest number that was given to anyone, whether it came to be current or not.</summary>
    public long Last;
}

/// <summary>The current bitmap, and how it is replaced: a version is complete before it is current, and never changes again.</summary>
internal sealed class Gallery : IDisposable
{
    private const string Name = "Bitmap";
    private const int Part = 1 << 20;
    private readonly SharedMutex _mutex = SharedMutex.CreateOrOpen($"{Name}.mutex");
    private readonly SharedMemory _section;
    private readonly MemoryView _view;

    private Gallery(SharedMemory section)
    {
        _section = section;
        _view = section.Map();
    }

    private ref Catalogue Catalogue => ref _view.GetReference<Catalogue>();

    public static Gallery OpenOrMake() => new(SharedMemory.CreateOrOpen(Name, Unsafe.SizeOf<Catalogue>()));

    /// <summary>Shares a file in the place of what was shared before.</summary>
    /// <returns>Its section, to be kept open as long as others shall find it.</returns>
    public SharedMemory Put(string path, out long version)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        SharedMemory bitmap = Make(file.Length, out version);
        try
        {
            // Nobody else knows of it yet: dying here changes nothing.
            CopyIn(file, bitmap);
            using SharedMutex.Scope scope = _mutex.EnterScope();
            Volatile.Write(ref Catalogue.Current, version);
            return bitmap;
        }
        catch
        {
            bitmap.Dispose();
            throw;
        }
    }

    /// <summary>The current bitmap, for reading. The handle keeps it alive, whoever replaces it and whoever dies.</summary>
    public static SharedMemory? TryOpenCurrent(out long version)
    {
        version = 0;
        if (!SharedMemory.TryOpen(Name, out SharedMemory? section))
            return null;
        using var gallery = new Gallery(section);
        // Nobody lets go of the current one before another is: between these two lines the mutex sees to that.
        using SharedMutex.Scope scope = gallery._mutex.EnterScope();
        version = gallery.Catalogue.Current;
        return SharedMemory.TryOpen($"{Name}.{version}", out SharedMemory? bitmap, MemoryAccess.Read) ? bitmap : null;
    }

    public static void CopyOut(SharedMemory bitmap, Stream to)
    {
        using MemoryView view = bitmap.Map();
        for (long at = 0; at < view.Length; at += Part)
            to.Write(view.GetReadOnlySpan(at, (int)Math.Min(Part, view.Length - at)));
    }

    public void Dispose()
    {
        _view.Dispose();
        _section.Dispose();
        _mutex.Dispose();
    }

    private static void CopyIn(Stream from, SharedMemory bitmap)
    {
        using MemoryView view = bitmap.Map();
        for (long at = 0; at < view.Length; at += Part)
            from.ReadExactly(view.GetSpan(at, (int)Math.Min(Part, view.Length - at)));
    }

    private SharedMemory Make(long size, out long version)
    {
        using (SharedMutex.Scope scope = _mutex.EnterScope())
        {
            // A process that is just ending may still hold a number that an earlier catalogue gave away.
            do
                version = ++Catalogue.Last;
            while (SharedMemory.Exists($"{Name}.{version}"));
        }
        return SharedMemory.Create($"{Name}.{version}", size);
    }
}
