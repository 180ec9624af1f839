using System.CommandLine;
using Samepage.Channels;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Keeps an existing object alive.</summary>
internal sealed class HoldVerb : Verb
{
    private readonly Argument<string> _name = Common.Name();
    private readonly HoldOptions _hold = new();

    public HoldVerb(Session session)
        : base(session, "hold", "Keep an existing object alive.", "samepage hold zzj", "samepage hold zzj --for 10m")
    {
        Add(_name);
        _hold.AddTo(this);
    }

    protected override int Run(ParseResult line)
    {
        SharedObjectInfo found = InfoVerb.Find(line.GetRequiredValue(_name));
        using IDisposable held = Open(found);
        Session.Terminal.Say($"holding {Shown.Kind(found.Kind)} {Shown.Name(found.Name)}, {_hold.Describe(line)}");
        _hold.Wait(line, Session.Ended);
        return ExitCodes.Success;
    }

    // Reading is what every section allows.
    private static IDisposable Open(SharedObjectInfo found) => found.Kind switch
    {
        SharedObjectKind.Section => SharedMemory.Open(found.Name!, MemoryAccess.Read),
        SharedObjectKind.Mutex => SharedMutex.Open(found.Name!),
        SharedObjectKind.Lock => SharedLock.Open(found.Name!),
        SharedObjectKind.ReaderWriterLock => SharedReaderWriterLock.Open(found.Name!),
        SharedObjectKind.Event => SharedEvent.Open(found.Name!),
        SharedObjectKind.Semaphore => SharedSemaphore.Open(found.Name!),
        SharedObjectKind.Topic => Topic.Open(found.Name!),
        SharedObjectKind.Queue => Queue.Open(found.Name!),
        SharedObjectKind.Cell => Cell.Open(found.Name!),
        SharedObjectKind.CellMap => CellMap.Open(found.Name!),
        SharedObjectKind.Service => Service.Open(found.Name!),
        _ => throw new SharedObjectException(FailureReason.WrongKind,
            $"{Shown.Name(found.Name)} is a {Shown.Kind(found.Kind)}, which only those who take part in it keep alive.", found.Name, found.Kind),
    };
}
