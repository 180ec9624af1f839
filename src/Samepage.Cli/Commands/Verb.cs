using System.CommandLine;

namespace Samepage.Cli.Commands;

/// <summary>A verb of the tool. It runs on the thread that calls it, from beginning to end: mutexes belong to threads.</summary>
internal abstract class Verb : Command
{
    protected Verb(Session session, string name, string description, params string[] examples)
        : base(name, description)
    {
        Session = session;
        Examples = examples;
        SetAction(Run);
    }

    /// <summary>Command lines that help shows.</summary>
    public IReadOnlyList<string> Examples { get; }

    protected Session Session { get; }

    /// <summary>Does the work and says the exit code. Exceptions become messages further out.</summary>
    protected abstract int Run(ParseResult line);
}
