namespace Samepage.Peer;

/// <summary>What this process holds, by name; a section with a view of all of it.</summary>
internal sealed class OpenObjects
{
    private readonly Dictionary<string, IDisposable> _objects = [];

    public void Add(string name, IDisposable opened) => _objects.Add(name, opened);

    public T Get<T>(string name) => (T)_objects[name];

    public void Close(string name)
    {
        _objects[name].Dispose();
        _objects.Remove(name);
    }

    public void CloseAll()
    {
        foreach (IDisposable opened in _objects.Values)
            opened.Dispose();
        _objects.Clear();
    }
}

/// <summary>A section and a view of it.</summary>
internal sealed class Mapped(SharedMemory section) : IDisposable
{
    public SharedMemory Section { get; } = section;

    public MemoryView View { get; } = section.Map();

    public void Dispose()
    {
        View.Dispose();
        Section.Dispose();
    }
}
