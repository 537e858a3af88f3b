//! European names, by language. Polish family names are those that are the same for men and women.

use super::super::place::People;

#[rustfmt::skip]
pub static ENGLISH: People = People {
    male: &[
        "James", "Oliver", "William", "Thomas", "Daniel", "Matthew", "Andrew", "Christopher", "David", "Michael",
        "Robert", "Benjamin", "Samuel", "Joshua", "Ethan", "Ryan", "Jason", "Kevin", "Marcus", "Nathan", "Patrick",
        "Peter", "Simon", "George", "Henry", "Callum", "Aidan", "Tyler", "Brandon", "Derek",
    ],
    female: &[
        "Emma", "Olivia", "Sarah", "Jessica", "Emily", "Charlotte", "Hannah", "Rachel", "Megan", "Laura", "Amy",
        "Katherine", "Rebecca", "Jennifer", "Michelle", "Nicole", "Stephanie", "Heather", "Grace", "Sophie", "Alice",
        "Lucy", "Chloe", "Abigail", "Natalie", "Vanessa", "Claire", "Fiona", "Erin", "Danielle",
    ],
    family: &[
        "Smith", "Johnson", "Williams", "Brown", "Jones", "Taylor", "Davies", "Wilson", "Evans", "Thomas", "Roberts",
        "Walker", "Wright", "Robinson", "Thompson", "White", "Hughes", "Edwards", "Green", "Hall", "Wood", "Harris",
        "Lewis", "Martin", "Jackson", "Clarke", "Clark", "Turner", "Hill", "Scott", "Cooper", "Morris", "Ward",
        "Moore", "King", "Watson", "Baker", "Harrison", "Morgan", "Patel", "Young", "Allen", "Mitchell", "James",
        "Anderson", "Phillips", "Lee", "Bell", "Parker", "Davis", "Miller", "Garcia", "Rodriguez", "Nguyen", "Kim",
        "Sanders", "Foster", "Reed", "Brooks", "Sullivan", "Murphy", "O’Connor",
    ],
};

#[rustfmt::skip]
pub static GERMAN: People = People {
    male: &[
        "Lukas", "Maximilian", "Jonas", "Felix", "Paul", "Leon", "Stefan", "Thomas", "Andreas", "Michael", "Matthias",
        "Sebastian", "Florian", "Tobias", "Jürgen", "Jörg", "Björn", "Sören", "Günther", "Markus", "Christian",
        "Alexander", "Daniel", "Philipp", "Holger", "Uwe",
    ],
    female: &[
        "Anna", "Julia", "Katharina", "Lena", "Laura", "Sophie", "Sabine", "Susanne", "Petra", "Claudia", "Nicole",
        "Stefanie", "Christina", "Franziska", "Johanna", "Jana", "Käthe", "Bärbel", "Birgit", "Heike", "Anja",
        "Melanie", "Nadine", "Annika", "Miriam", "Ute",
    ],
    family: &[
        "Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann",
        "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann",
        "Braun", "Krüger", "Hofmann", "Hartmann", "Lange", "Schmitt", "Werner", "Krause", "Meier", "Lehmann",
        "Schmid", "Köhler", "König", "Huber", "Kaiser", "Fuchs", "Peters", "Möller", "Weiß", "Jung", "Hahn", "Vogel",
        "Günther", "Keller", "Böhm", "Kowalczyk",
    ],
};

#[rustfmt::skip]
pub static FRENCH: People = People {
    male: &[
        "Lucas", "Hugo", "Louis", "Jules", "Gabriel", "Arthur", "Nicolas", "Julien", "Thomas", "Antoine", "Alexandre",
        "Pierre", "François", "Jérôme", "Sébastien", "Frédéric", "Rémi", "Benoît", "Stéphane", "Mathieu", "Guillaume",
        "Laurent", "Cédric", "Loïc", "Éric", "Olivier",
    ],
    female: &[
        "Camille", "Léa", "Manon", "Chloé", "Inès", "Zoé", "Élodie", "Aurélie", "Céline", "Hélène", "Sophie",
        "Isabelle", "Nathalie", "Sandrine", "Émilie", "Mathilde", "Pauline", "Margaux", "Noémie", "Clémence",
        "Virginie", "Valérie", "Anaïs", "Charlotte", "Juliette", "Amélie",
    ],
    family: &[
        "Martin", "Bernard", "Dubois", "Durand", "Moreau", "Laurent", "Simon", "Michel", "Lefèvre", "Leroy", "Roux",
        "David", "Bertrand", "Morel", "Fournier", "Girard", "Bonnet", "Dupont", "Lambert", "Fontaine", "Rousseau",
        "Vincent", "Muller", "Faure", "André", "Mercier", "Blanc", "Guérin", "Boyer", "Garnier", "Chevalier",
        "François", "Legrand", "Gauthier", "Perrin", "Clément", "Morin", "Nicolas", "Dumas", "Lemaître", "Béranger",
        "Benali",
    ],
};

#[rustfmt::skip]
pub static SPANISH: People = People {
    male: &[
        "Javier", "Alejandro", "Carlos", "Daniel", "Pablo", "Sergio", "Álvaro", "Adrián", "Andrés", "José", "Luis",
        "Miguel", "Óscar", "Rubén", "Iván", "Jesús", "Raúl", "Víctor", "Manuel", "Diego", "Íñigo", "Jordi",
    ],
    female: &[
        "Lucía", "María", "Paula", "Laura", "Marta", "Sara", "Carmen", "Ana", "Elena", "Cristina", "Raquel",
        "Beatriz", "Mónica", "Sofía", "Inés", "Rocío", "Nuria", "Silvia", "Begoña", "Pilar", "Verónica", "Montserrat",
    ],
    family: &[
        "García", "Fernández", "González", "Rodríguez", "López", "Martínez", "Sánchez", "Pérez", "Gómez", "Martín",
        "Jiménez", "Ruiz", "Hernández", "Díaz", "Moreno", "Muñoz", "Álvarez", "Romero", "Alonso", "Gutiérrez",
        "Navarro", "Torres", "Domínguez", "Vázquez", "Ramos", "Gil", "Ramírez", "Serrano", "Blanco", "Molina",
        "Núñez", "Castaño",
    ],
};

#[rustfmt::skip]
pub static ITALIAN: People = People {
    male: &[
        "Marco", "Alessandro", "Andrea", "Luca", "Matteo", "Francesco", "Lorenzo", "Davide", "Stefano", "Giuseppe",
        "Riccardo", "Simone", "Paolo", "Roberto", "Niccolò", "Federico", "Giorgio", "Antonio", "Fabio", "Tommaso",
    ],
    female: &[
        "Giulia", "Chiara", "Francesca", "Martina", "Sara", "Elena", "Silvia", "Valentina", "Alessia", "Federica",
        "Paola", "Laura", "Anna", "Elisa", "Roberta", "Ilaria", "Beatrice", "Marta", "Caterina", "Lucia",
    ],
    family: &[
        "Rossi", "Russo", "Ferrari", "Esposito", "Bianchi", "Romano", "Colombo", "Ricci", "Marino", "Greco", "Bruno",
        "Gallo", "Conti", "De Luca", "Costa", "Giordano", "Mancini", "Rizzo", "Lombardi", "Moretti", "Barbieri",
        "Fontana", "Santoro", "Mariani", "Rinaldi", "Caruso", "Ferrara", "Galli", "Martini", "Leone", "Nicolò",
        "Pellegrini",
    ],
};

#[rustfmt::skip]
pub static DUTCH: People = People {
    male: &[
        "Daan", "Sem", "Lucas", "Bram", "Thijs", "Jeroen", "Pieter", "Willem", "Maarten", "Joost", "Ruben", "Koen",
        "Sander", "Bas", "Niels", "Martijn", "Wouter", "Hendrik", "René", "Gijs",
    ],
    female: &[
        "Emma", "Sanne", "Lotte", "Femke", "Anouk", "Marieke", "Ingrid", "Eva", "Fleur", "Maaike", "Esther", "Linda",
        "Saskia", "Iris", "Noor", "Roos", "Mirjam", "Nienke", "Floor", "Loïs",
    ],
    family: &[
        "de Jong", "Jansen", "de Vries", "van den Berg", "van Dijk", "Bakker", "Janssen", "Visser", "Smit", "Meijer",
        "de Boer", "Mulder", "de Groot", "Bos", "Vos", "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer",
        "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer", "Kuipers", "Veenstra", "Post",
    ],
};

#[rustfmt::skip]
pub static NORDIC: People = People {
    male: &[
        "Erik", "Lars", "Johan", "Anders", "Mikael", "Oskar", "Gustav", "Henrik", "Jonas", "Magnus", "Björn", "Håkan",
        "Göran", "Søren", "Mads", "Jens", "Emil", "Viktor", "Åke", "Nils",
    ],
    female: &[
        "Anna", "Emma", "Karin", "Ingrid", "Sofia", "Astrid", "Linnéa", "Maja", "Elin", "Sara", "Kristina", "Åsa",
        "Freja", "Mette", "Hanne", "Signe", "Ebba", "Malin", "Pernilla", "Märta",
    ],
    family: &[
        "Andersson", "Johansson", "Karlsson", "Nilsson", "Eriksson", "Larsson", "Olsson", "Persson", "Svensson",
        "Gustafsson", "Lindberg", "Lindqvist", "Bergström", "Sjöberg", "Åkesson", "Öberg", "Holmström", "Nyström",
        "Sandström", "Hansen", "Jensen", "Nielsen", "Sørensen", "Jørgensen", "Kjær", "Møller", "Lund", "Dahl",
    ],
};

#[rustfmt::skip]
pub static POLISH: People = People {
    male: &[
        "Piotr", "Krzysztof", "Andrzej", "Tomasz", "Paweł", "Marcin", "Michał", "Jakub", "Grzegorz", "Łukasz", "Adam",
        "Mateusz", "Wojciech", "Kamil", "Rafał", "Bartosz", "Jarosław", "Sławomir", "Maciej", "Dawid",
    ],
    female: &[
        "Anna", "Katarzyna", "Małgorzata", "Agnieszka", "Barbara", "Ewa", "Magdalena", "Monika", "Joanna",
        "Aleksandra", "Karolina", "Natalia", "Zofia", "Paulina", "Justyna", "Dorota", "Wiktoria", "Kinga", "Elżbieta",
        "Beata",
    ],
    family: &[
        "Nowak", "Kowalczyk", "Wójcik", "Woźniak", "Mazur", "Krawczyk", "Kaczmarek", "Zając", "Król", "Wieczorek",
        "Wróbel", "Stępień", "Dudek", "Pawlak", "Sikora", "Walczak", "Baran", "Duda", "Szewczyk", "Pietrzak",
        "Marciniak", "Bąk", "Włodarczyk", "Sobczak", "Stachura", "Kozioł", "Kubiak", "Kołodziej",
    ],
};
