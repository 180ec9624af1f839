using System.CommandLine;

namespace Samepage.Cli.Commands;

/// <summary>Makes a mutex, owned by nobody.</summary>
internal sealed class CreateMutexVerb : CreateKindVerb
{
    public CreateMutexVerb(Session session)
        : base(session, "mutex", "Make a mutex and hold it open, owned by nobody (lock owns one).", SignalAccess, "samepage create mutex printer") =>
        AddShared();

    protected override IDisposable Make(ParseResult line, string name, SharedAccess access, out string details)
    {
        details = "";
        return SharedMutex.Create(name, initiallyOwned: false, access);
    }
}
