using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Makes an object and holds it: the kinds are verbs of their own below this one.</summary>
internal sealed class CreateVerb : Command
{
    public CreateVerb(Session session)
        : base("create", "Make a new object and hold it.")
    {
        Add(new CreateSectionVerb(session));
        Add(new CreateMutexVerb(session));
        Add(new CreateEventVerb(session));
        Add(new CreateSemaphoreVerb(session));
        Add(new CreateTopicVerb(session));
        Add(new CreateQueueVerb(session));
        Add(new CreateCellVerb(session));
        Add(new CreateCellMapVerb(session));
        Add(new CreateServiceVerb(session));
    }
}

/// <summary>What making an object of any kind has in common.</summary>
internal abstract class CreateKindVerb : Verb
{
    private readonly Argument<string> _name = new("NAME") { Description = @"Name of the new object; Global\ before it for all users, quoted against the shell." };
    private readonly Option<SharedAccess> _access;
    private readonly HoldOptions _hold = new();

    protected CreateKindVerb(Session session, string kind, string description, string[] accessChoices, params string[] examples)
        : base(session, kind, description, examples)
    {
        _access = Common.Access(accessChoices);
        Add(_name);
    }

    /// <summary>Adds the options that every kind has, after its own, as help shows them.</summary>
    protected void AddShared()
    {
        Add(_access);
        _hold.AddTo(this);
    }

    /// <summary>Waiting and signalling change an object: there is no access for reading only.</summary>
    protected static string[] SignalAccess { get; } = ["user", "group", "everyone"];

    /// <summary>Makes the object, and describes what is not plain from its kind and name.</summary>
    protected abstract IDisposable Make(ParseResult line, string name, SharedAccess access, out string details);

    protected override int Run(ParseResult line)
    {
        string name = line.GetRequiredValue(_name);
        using IDisposable made = Make(line, name, line.GetValue(_access), out string details);
        Session.Terminal.Say($"created {Name} {Shown.Name(name)}{details}, held {_hold.Describe(line)}");
        _hold.Wait(line, Session.Ended);
        return ExitCodes.Success;
    }
}
