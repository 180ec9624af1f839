using System.Reflection;
using System.Reflection.Emit;

namespace Samepage.Architecture;

/// <summary>A layer uses only those below it: read from what the compiled code refers to.</summary>
public sealed class LayerTests
{
    /// <summary>A row for every folder of src/Samepage: the folders whose types it may use. Its own, and the vocabulary, need no entry.</summary>
    private static readonly Dictionary<string, string[]> _mayUse = new()
    {
        ["Atomics"] = [],
        ["Layout"] = [],
        ["Errors"] = ["Platform"],      // the scope of a name, for a message
        ["Platform"] = [],              // and Host: see below
        ["Platform/Linux"] = ["Atomics", "Diagnostics", "Layout", "Platform", "Platform/Linux/Interop", "Platform/Linux/Locks", "Platform/Linux/Tethers", "Platform/Linux/Waiting", "Platform/Linux/Watching"],
        ["Platform/Linux/Waiting"] = ["Atomics", "Diagnostics", "Layout", "Platform", "Platform/Linux", "Platform/Linux/Interop", "Platform/Linux/Locks"],
        ["Platform/Linux/Locks"] = ["Atomics", "Layout", "Platform", "Platform/Linux", "Platform/Linux/Interop", "Platform/Linux/Tethers", "Platform/Linux/Waiting"],
        ["Platform/Linux/Watching"] = ["Atomics", "Platform", "Platform/Linux", "Platform/Linux/Interop", "Platform/Linux/Waiting"],
        ["Platform/Linux/Tethers"] = ["Atomics", "Platform", "Platform/Linux", "Platform/Linux/Interop", "Platform/Linux/Waiting"],
        ["Platform/Linux/Interop"] = [],
        ["Platform/Windows"] = ["Atomics", "Diagnostics", "Layout", "Platform", "Platform/Windows/Interop", "Platform/Windows/Tethers", "Platform/Windows/Waiting"],
        ["Platform/Windows/Waiting"] = ["Diagnostics", "Platform", "Platform/Windows", "Platform/Windows/Interop"],
        ["Platform/Windows/Tethers"] = ["Platform", "Platform/Windows", "Platform/Windows/Interop", "Platform/Windows/Waiting"],
        ["Platform/Windows/Interop"] = [],
        ["Diagnostics"] = ["Atomics"],
        ["Memory"] = ["Atomics", "Platform", "Synchronization", "Diagnostics"],     // who takes part in a section
        ["Synchronization"] = ["Atomics", "Platform", "Diagnostics"],
        ["Synchronization/ReaderWriter"] = ["Atomics", "Layout", "Platform", "Memory", "Synchronization"],
        ["Inspection"] = ["Platform"],
        ["Channels"] = ["Atomics", "Layout", "Platform", "Memory", "Synchronization", "Diagnostics"],
    };

    /// <summary>What every layer speaks of: values without behaviour, rules between them, and failures.</summary>
    private static bool IsVocabulary(Type type) =>
        type.IsEnum && type.IsPublic
        || type.Namespace == "Samepage" && type.GetMethod("<Clone>$") is not null
        || type.Namespace == "Samepage" && type.IsValueType && type.IsPublic
        || type.Name is "SharedObjectException" or "MemoryAccessRules" or "Absent";

    [Fact]
    public void Every_folder_has_a_row() => Assert.Empty(
        SourceTree.Files.Select(f => f.Folder)
            .Where(f => f != "" && !_mayUse.ContainsKey(f) && !f.StartsWith("Channels/", StringComparison.Ordinal)).Distinct());

    [Fact]
    public void A_layer_uses_only_those_below_it()
    {
        var faults = new SortedSet<string>(StringComparer.Ordinal);
        int references = 0;
        foreach (Type type in typeof(SharedMemory).Assembly.GetTypes())
        {
            if (FolderOf(type) is not { } from)
                continue;
            foreach (Type used in TypeReferences.Of(type).Select(Outermost))
            {
                if (FolderOf(used) is not { } to || to == from)
                    continue;
                references++;
                bool host = Outermost(type).Name == "Host" && used.Name.EndsWith("Platform", StringComparison.Ordinal);
                string row = from.StartsWith("Channels", StringComparison.Ordinal) ? "Channels" : from;
                bool sameLayer = row == "Channels" && to.StartsWith("Channels", StringComparison.Ordinal);
                if (!host && !sameLayer && !IsVocabulary(used) && !_mayUse.GetValueOrDefault(row, []).Contains(to))
                    faults.Add($"{from}: {Outermost(type).Name} uses {used.Name} of {to}");
            }
        }
        Assert.Empty(faults);
        Assert.True(references > 100, "The reading of references is broken.");
    }

    [Fact]
    public void Only_the_factory_names_an_operating_systems_code() => Assert.Empty(
        from file in SourceTree.Files
        where !file.Path.StartsWith("Platform/Linux/", StringComparison.Ordinal) && !file.Path.StartsWith("Platform/Windows/", StringComparison.Ordinal)
        where file.Path != "Platform/Host.cs"
        where file.Code.Contains("Platform.Linux", StringComparison.Ordinal) || file.Code.Contains("Platform.Windows", StringComparison.Ordinal)
        select file.Path);

    [Fact]
    public void The_library_depends_on_the_base_class_library_alone() => Assert.Empty(
        from reference in typeof(SharedMemory).Assembly.GetReferencedAssemblies()
        where !reference.Name!.StartsWith("System.", StringComparison.Ordinal) && reference.Name != "Microsoft.Win32.Primitives"
        select reference.Name);

    [Fact]
    public void A_forbidden_reference_would_be_seen()
    {
        // The reader itself: what this very method's class refers to in a body, a field and a signature.
        HashSet<Type> seen = [.. TypeReferences.Of(typeof(Sample))];
        Assert.Contains(typeof(SharedMutex), seen);
        Assert.Contains(typeof(SharedEvent), seen);
        Assert.Contains(typeof(SharedMemory), seen);
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }

    private static string? FolderOf(Type type)
    {
        type = Outermost(type);
        string name = $"{type.Namespace}.{type.Name.Split('`')[0]}";
        return type.Assembly == typeof(SharedMemory).Assembly ? SourceTree.FolderOfType.GetValueOrDefault(name) : null;
    }

    private sealed class Sample
    {
        public SharedEvent? Signal { get; set; }

        public static bool Look(SharedMemory? section) => section is null && SharedMutex.Exists("x");
    }
}

/// <summary>All types that a type refers to: bases, fields, signatures, and the operands of its code.</summary>
internal static class TypeReferences
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(c => c.Value);

    public static IEnumerable<Type> Of(Type type)
    {
        var found = new HashSet<Type>();
        void Add(Type? used)
        {
            while (used is { HasElementType: true })
                used = used.GetElementType();
            if (used is null || used.IsGenericParameter)
                return;
            if (used.IsGenericType)
            {
                foreach (Type argument in used.GetGenericArguments())
                    Add(argument);
                used = used.GetGenericTypeDefinition();
            }
            found.Add(used);
        }

        Add(type.BaseType);
        foreach (Type contract in type.GetInterfaces())
            Add(contract);
        foreach (FieldInfo field in type.GetFields(All))
            Add(field.FieldType);
        foreach (MethodBase method in type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)))
        {
            foreach (ParameterInfo parameter in method.GetParameters())
                Add(parameter.ParameterType);
            Add((method as MethodInfo)?.ReturnType);
            foreach (MemberInfo operand in Operands(method))
            {
                Add(operand as Type ?? operand.DeclaringType);
                if (operand is MethodInfo { IsGenericMethod: true } generic)
                {
                    foreach (Type argument in generic.GetGenericArguments())
                        Add(argument);
                }
            }
        }
        return found;
    }

    private static IEnumerable<MemberInfo> Operands(MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
            yield break;
        foreach (LocalVariableInfo local in body.LocalVariables)
            yield return local.LocalType;
        byte[] code = body.GetILAsByteArray()!;
        for (int i = 0; i < code.Length;)
        {
            short value = code[i++];
            if (value == 0xFE)
                value = (short)(0xFE00 | code[i++]);
            OpCode op = _codes[value];
            int operand = i;
            i += op.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, operand)),
                _ => 4,
            };
            if (op.OperandType is OperandType.InlineMethod or OperandType.InlineType or OperandType.InlineField or OperandType.InlineTok)
            {
                yield return method.Module.ResolveMember(
                    BitConverter.ToInt32(code, operand),
                    method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
                    method.IsGenericMethod ? method.GetGenericArguments() : null)!;
            }
        }
    }
}
