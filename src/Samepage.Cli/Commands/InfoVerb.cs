using System.CommandLine;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>Everything about one object.</summary>
internal sealed class InfoVerb : Verb
{
    private readonly Argument<string> _name = Common.Name();
    private readonly Option<bool> _json = Common.Json();

    public InfoVerb(Session session)
        : base(session, "info", "Show everything about one object.", "samepage info zzj", @"samepage info 'Global\prices' --json")
    {
        Add(_name);
        Add(_json);
    }

    protected override int Run(ParseResult line)
    {
        SharedObjectInfo found = Find(line.GetRequiredValue(_name), withHolders: true);
        if (line.GetValue(_json))
            Json.Write(Session.Terminal.Out, ObjectJson.Of(found), Json.Context.ObjectJson);
        else
            ObjectSheet.Write(Session.Terminal, found);
        return ExitCodes.Success;
    }

    /// <summary>The live object of that name, of any kind.</summary>
    internal static SharedObjectInfo Find(string name, bool withHolders = false) =>
        SharedObjects.Find(name, withHolders) ??
        throw new SharedObjectException(FailureReason.NotFound, $"No object named \"{name}\" is alive.", name);
}
