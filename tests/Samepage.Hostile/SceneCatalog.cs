using Samepage.Channels;
using Samepage.Hostile.Scenes;

namespace Samepage.Hostile;

/// <summary>The kinds that can be attacked, and how one is set up.</summary>
internal static class SceneCatalog
{
    /// <summary>Not what lies in the files is attacked, but the files.</summary>
    public const string Files = "files";

    private static readonly Dictionary<string, Func<string, Random, IScene>> _makers = new(StringComparer.Ordinal)
    {
        ["topic"] = (name, r) => new TopicScene(name, (TopicFullMode)r.Next(3)),
        ["queue"] = (name, r) => new QueueScene(name, (QueueFullMode)r.Next(3)),
        ["service"] = (name, _) => new ServiceScene(name),
        ["cell"] = (name, _) => new CellScene(name),
        ["pipe"] = (name, r) => new PipeScene(name, (PipeMode)r.Next(2)),
        ["mutex"] = (name, _) => new MutexScene(name),
        ["semaphore"] = (name, r) => new SemaphoreScene(name, r.Next(2) == 0 ? 5 : int.MaxValue),
        ["event"] = (name, r) => new EventScene(name, (EventResetMode)r.Next(2)),
        ["lock"] = (name, _) => new LockScene(name),
        ["rwlock"] = (name, _) => new ReaderWriterScene(name),
        ["several"] = (name, _) => new SeveralScene(name),
        ["section"] = (name, r) => new SectionScene(name, r.Next(2) == 0),
        ["tether"] = (name, _) => new TetherScene(name),
        ["mailbox"] = (name, _) => new MailboxScene(name),
        ["cellmap"] = (name, _) => new CellMapScene(name),
        ["clipboard"] = (name, _) => new ClipboardScene(name),
        ["atoms"] = (name, _) => new AtomScene(name),
        ["broadcast"] = (name, _) => new BroadcastScene(name),
        [Files] = (name, _) => new FilesScene(name),
        ["inspection"] = (name, _) => new InspectionScene(name),
    };

    public static IReadOnlyCollection<string> Kinds => _makers.Keys;

    public static IScene Make(string kind, string name, Random random) => _makers[kind](name, random);
}
