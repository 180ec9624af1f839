using System.Diagnostics.Tracing;

namespace Samepage.Diagnostics;

/// <summary>What happens rarely, told as it happens. Made with the first of them; nothing is told, or put into words, that nobody listens to.</summary>
/// <remarks>Numbers and parameters are a contract with whoever records them: docs/guide/diagnostics.md.</remarks>
[EventSource(Name = "Samepage")]
internal sealed class LibraryEvents : EventSource
{
    public static readonly LibraryEvents Log = new();

    private LibraryEvents()
    {
    }

    [Event(1, Level = EventLevel.Warning, Message = "A peer of {0} \"{1}\" died; its place as a {2} was taken back.")]
    public void PeerReclaimed(string kind, string name, string role)
    {
        if (IsEnabled())
            WriteEvent(1, kind, name, role);
    }

    [Event(2, Level = EventLevel.Warning, Message = "Mutex \"{0}\" was taken from an owner that had died.")]
    public void MutexAbandoned(string name)
    {
        if (IsEnabled())
            WriteEvent(2, name);
    }

    [Event(3, Level = EventLevel.Informational, Message = "\"{0}\", which a dead process had left behind, was removed.")]
    public void OrphanSwept(string file)
    {
        if (IsEnabled())
            WriteEvent(3, file);
    }

    [Event(4, Level = EventLevel.Error, Message = "\"{0}\" is damaged: {1}.")]
    public void CorruptObject(string name, string what)
    {
        if (IsEnabled())
            WriteEvent(4, name, what);
    }

    [Event(5, Level = EventLevel.Warning, Message = "A call of service \"{0}\" failed: its server {1}.")]
    public void CallLost(string name, string what)
    {
        if (IsEnabled())
            WriteEvent(5, name, what);
    }

    [Event(6, Level = EventLevel.Verbose, Message = "A writer found {0} \"{1}\" full, and sleeps.")]
    public void WriterSleeps(string kind, string name)
    {
        if (IsEnabled(EventLevel.Verbose, EventKeywords.None))
            WriteEvent(6, kind, name);
    }
}
